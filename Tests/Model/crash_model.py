#!/usr/bin/env python3
"""The order of effects of one `autoscale monitor`, explored: every kill point x decision x outside event, a few runs deep.

The world is containers, connections, the file on disk, what NGINX really serves, and the state file. A run is a generator;
every `yield` is a point where `kill -9` may come, before the next effect. Safety is judged at every effect by what the world
knows, not by what the state file remembers; after each event a few clean runs must bring order. Then each planted bug must be
found. docs/order-of-effects.md has the same order in words; change it there, here, and in the code.

    crash_model.py [DEPTH [BUG]]    exit status 1: a violation, or a planted bug that goes unnoticed
"""
import sys

MIN, MAX, PATIENCE = 1, 3, 9
BUGS = {
    "stop-first": "a step down stops its victim before NGINX is told",
    "skip-same": "compares with the file on disk, not with what NGINX serves",
    "no-confirm": "believes a reload that exits 0, and stops without asking NGINX again",
    "keep-created": "leaves what was created and never started",
    "keep-sick": "leaves what runs and does not answer",
    "kill-deaf": "ends what does not answer at once, with the requests it holds",
    "by-name": "takes one that boots for dead, because one of its name was ready",
    "full-rate": "tries a publication that failed again in every run",
    "forget-stop": "forgets that one is to go when it can't be ended",
    "leftover-stops": "does not take the step that was said, because a leftover can't be removed",
    "hold-for-ever": "a step up waits for repairs as long as there are any",
}


class State:
    """The state file. `dep` is who is to go and is out of NGINX: whether DRAIN_TIMEOUT is over since."""

    def __init__(self):
        self.op, self.ready, self.stale = None, frozenset(), frozenset()
        self.dep, self.ordered = {}, frozenset()
        self.failed, self.waited, self.over_what, self.held = 0, False, None, False

    def copy(self):
        other = State.__new__(State)
        other.__dict__.update(self.__dict__)
        other.dep = dict(self.dep)
        return other


class World:
    """`c`: number -> created, start (boots), run, deaf (long enough not to be booting), exit."""

    def __init__(self):
        self.c, self.n = {0: "run"}, 1
        self.disk = self.served = frozenset({0})
        self.busy = self.stuck = frozenset()
        self.refuses = False
        self.state = State()
        # What the judge knows, whatever the program remembers.
        self.asked = self.over = frozenset()
        self.failures, self.rested, self.failed_over, self.held = 0, True, None, 0
        self.begin()

    def begin(self):
        """What is told of one run."""
        self.said = self.did = self.refused = self.held_back = False
        self.before, self.served_before = self.serving, self.served
        self.booting, self.complaint = frozenset(), None

    def copy(self):
        other = World.__new__(World)
        other.__dict__.update(self.__dict__)
        other.c, other.state = dict(self.c), self.state.copy()
        return other

    def key(self):
        rank = {i: k for k, i in enumerate(sorted(self.c))}
        ids = lambda some: tuple(sorted(rank[i] for i in some if i in rank)) + (any(i not in rank for i in some),)
        pair = lambda sets: sets and tuple(ids(s) for s in sets)
        s = self.state
        return (
            tuple(self.c[i] for i in sorted(self.c)), ids(self.disk), ids(self.served), ids(self.busy), ids(self.stuck),
            self.refuses, s.op and (s.op[0], rank.get(s.op[1], -1)), ids(s.ready), ids(s.stale),
            tuple(sorted((rank[i], o) for i, o in s.dep.items() if i in rank)), ids(s.ordered), min(s.failed, 2), s.waited,
            pair(s.over_what), s.held, ids(self.asked), ids(self.over), min(self.failures, 2), self.rested,
            pair(self.failed_over), self.held)

    def running(self, *states):
        return frozenset(i for i, s in self.c.items() if s in (states or ("run",)))

    def complain(self, text):
        self.complaint = self.complaint or text

    # Effects, each judged as it happens.

    def end(self, i):
        """SIGTERM, then SIGKILL. False: Docker or the kernel does not do it."""
        if i in self.busy and i not in self.over:
            self.complain(f"ends {i}, which holds connections")
        if self.c[i] == "start" and i not in self.asked | self.booting and self.state.op != ("down", i):
            self.complain(f"ends {i}, which boots")
        if self.c[i] == "run" and i in self.served_before:
            self.complain(f"ends {i}, which is well and has not been drained")
        if i not in self.booting:  # one that this run started and NGINX did not take may be used later
            self.asked |= {i}
        if i in self.stuck:
            return False
        self.c[i] = "exit"
        self.busy -= {i}
        return True

    def remove(self, i):
        if i in self.stuck:
            return False
        if self.c[i] not in ("created", "exit"):
            self.end(i)
        del self.c[i]
        for name in ("busy", "asked", "over"):
            setattr(self, name, getattr(self, name) - {i})
        return True

    def reload(self, want):
        if self.failures > 1 and not self.rested and self.failed_over == self.before:
            self.complain("publishes again, without a pause and with nothing changed")
        if self.refuses:
            self.refused = True
            return
        for i in want & self.asked:
            if self.c.get(i) != "run" or len((want & self.running()) - {i}) >= MIN:
                self.complain(f"sends requests to {i}, which was asked to end")
            self.asked -= {i}
        self.served = self.disk
        self.over -= self.served

    @property
    def serving(self):
        return (self.disk, self.served)


def run(w, decision, bug):
    """One run. Yields before every effect."""
    m = w.state.copy()
    drained = dict(m.dep)  # those that earlier runs saw out

    def save():
        yield
        w.state = m.copy()

    may = [m.failed < 2 or m.waited or m.over_what != w.serving or bug == "full-rate"]

    def publish(want):
        """R6: write, test, reload, confirm. Returns whether NGINX has it."""
        if not want or (bug == "skip-same" and w.disk == want):
            return True
        if w.disk == want == w.served:
            m.failed = 0
            return True
        if not may[0]:
            return False
        before = w.serving
        if w.disk != want:
            yield
            w.disk = want
        yield
        w.reload(want)
        if w.served == want or bug == "no-confirm":
            m.failed = 0
            return True
        if w.served:
            yield
            w.disk = w.served
        same = m.over_what == before
        m.failed, m.waited, m.over_what = (m.failed if same else 0) + 1, False, w.serving
        may[0] = False
        return False

    def forget(i):
        m.dep.pop(i, None)
        m.ready -= {i}
        m.stale -= {i}
        m.ordered -= {i}
        if m.op and m.op[1] == i:
            m.op = None

    def dismiss(i):
        """Out of the upstream, no connections or DRAIN_TIMEOUT, asked to end, removed."""
        if i in w.served and bug != "no-confirm":
            return
        if w.c[i] in ("created", "exit"):
            yield
            if w.remove(i):
                forget(i)
            return
        if bug == "kill-deaf" and w.c[i] == "deaf":
            yield
            if w.remove(i):
                forget(i)
            return
        m.dep.setdefault(i, False)
        if i in w.busy and not m.dep[i]:
            return
        if w.c[i] == "run" and i not in drained:
            return
        m.ordered |= {i}
        yield from save()
        yield
        if w.end(i):
            yield
            if w.remove(i):
                forget(i)
        elif bug == "forget-stop":
            forget(i)

    # Where each stands. Memory is about an incarnation, not about a name.
    if bug != "by-name":
        for i in m.stale - m.ordered:
            m.dep.pop(i, None)
        m.stale = frozenset()
    m.ready = (m.ready | w.running()) & frozenset(w.c)
    m.ordered &= frozenset(w.c)
    leftovers = w.running("created")
    ready = frozenset(i for i in w.running() if i not in m.dep and i not in m.ordered)
    dead = w.running("deaf") | frozenset(
        i for i in w.running("start") if i in m.stale or i in m.ordered)
    starting = w.running("start") - dead
    failing = frozenset(i for i in dead if i not in m.dep and i not in m.ordered)
    shared = failing if not ready and len(failing) > 1 else frozenset()
    dead -= shared
    if m.op and (m.op[0] == "up" or w.c.get(m.op[1]) in (None, "exit", "created")):
        m.op = None
    drain = m.op[1] if m.op else None
    if drain is not None:
        dead -= {drain}
        if w.c[drain] == "run" and len(ready - {drain}) < MIN:
            forget(drain)
            ready, drain = ready | {drain}, None
        else:
            ready -= {drain}
    for i in sorted(w.running() - ready - {drain}):
        if len(ready) < MIN:
            forget(i)
            ready |= {i}
    m.ready |= ready
    answering_again = w.running() - ready - {drain}

    # Plan and decision.
    counted = ready | starting | shared
    if len(counted) > MAX:
        decision = "down"
    missing = max(0, MIN - len(counted))
    exited = w.running("exit")
    restart = sorted(exited - m.ordered)[:missing]
    start = missing - len(restart)
    publishes = bool(ready) and w.serving != (ready, ready)
    behind = bool(restart or start) or publishes
    step, m.held, hasWaited = None, False, m.held
    if decision == "up":
        full = len(counted) + len(restart) + start >= MAX
        if behind and (not hasWaited or bug == "hold-for-ever"):
            m.held = w.held_back = True
        elif not ready or full or (publishes and not may[0]):
            pass
        elif drain is None:
            step = "up"
        elif w.c[drain] == "run" and drain not in m.ordered:
            step = "back"
    elif decision == "down" and not behind and drain is None and len(ready) > MIN:
        step = "down"
    w.said = step is not None
    for i in list(m.dep):
        if i not in w.c:
            del m.dep[i]
        elif i in w.served:
            del m.dep[i]
            if i in ready or i == drain:
                continue
    yield from save()

    def begin(i, state):
        w.c[i] = state
        if state == "start":
            w.booting |= {i}

    # R2, R5, R6.
    for i in sorted(leftovers):
        if bug == "keep-created":
            break
        yield
        if not w.remove(i) and bug == "leftover-stops":
            return
    if restart or start:
        if not (yield from publish(ready)):
            yield from save()
            return
    for i in restart:
        yield
        begin(i, "start")
        yield
        w.c[i] = "run"
        ready |= {i}
        m.ready |= {i}
        m.dep.pop(i, None)
    for _ in range(start):
        i, w.n = w.n, w.n + 1
        yield
        begin(i, "created")
        yield
        begin(i, "start")
        yield
        w.c[i] = "run"
        ready |= {i}
        m.ready |= {i}
    yield from save()
    if step is None and not (yield from publish(ready)):
        yield from save()
        return

    # R9: U1 to U8, S1 to S5.
    if step == "up":
        i, w.n = w.n, w.n + 1
        m.op = ("up", i)
        yield from save()
        yield
        begin(i, "created")
        yield
        begin(i, "start")
        w.did = True
        yield
        w.c[i] = "run"
        m.ready |= {i}
        yield from save()
        done = yield from publish(ready | {i})
        m.op = None
        if not done:
            if i not in w.served:
                yield
                if w.end(i):
                    yield
                    w.remove(i)
            yield from save()
            return
    elif step == "back":
        w.did = True
        forget(drain)
        yield from save()
        if not (yield from publish(ready | {drain})):
            yield from save()
            return
        drain = None
    elif step == "down":
        w.did = True
        victim = max(ready)
        if bug == "stop-first":
            yield
            w.end(victim)
        m.op = ("down", victim)
        yield from save()
        if not (yield from publish(ready - {victim})):
            m.op = None
            yield from save()
            return
        m.dep[victim] = False

    # R7, R8.
    for i in sorted((dead | (exited - frozenset(restart)) | answering_again) & frozenset(w.c)):
        if bug != "keep-sick" or w.c[i] != "deaf":
            yield from dismiss(i)
    if drain is not None and drain in w.c:
        yield from dismiss(drain)
    yield from save()


def after(w, decision):
    """What the judge notes of a run that was not killed."""
    if w.said and not w.did and not w.refused:
        w.complain("does not take the step that it said")
    w.held = w.held + 1 if w.held_back and decision == "up" else 0
    if w.held > 1:
        w.complain(f"a step up is held back for {w.held} runs")
    if w.refused:
        same = w.failed_over == w.serving
        w.failures, w.rested, w.failed_over = (w.failures if same else 0) + 1, False, w.serving
    elif w.disk == w.served:
        w.failures = w.failures if not w.rested else 0


def unsafe(w, live, dead):
    if len(w.served - w.running()) > dead:
        return "NGINX now serves one that does not run"
    if live >= MIN and len(w.served & w.running()) < MIN:
        return "fewer than MIN_BACKENDS in rotation"
    return w.complaint


def events(w):
    """What happens between two runs and is none of our doing."""
    yield "nothing", w

    def change(name, body):
        v = w.copy()
        body(v)
        return name, v

    def boot(v):
        v.c = {i: "start" if s == "run" else s for i, s in v.c.items()}
        v.state.stale, v.state.ready, v.busy = v.state.ready, frozenset(), frozenset()

    def daemon(v):
        v.c = {i: "exit" if s in ("run", "start", "deaf") else s for i, s in v.c.items()}
        v.busy = frozenset()

    def lose(v):
        v.state, v.asked, v.held, v.failures = State(), frozenset(), 0, 0

    def pause(v):
        v.state.dep = {i: True for i in v.state.dep}
        v.over = frozenset(v.c) - v.served
        v.state.waited = v.rested = True

    for i, s in sorted(w.c.items()):
        put = lambda state: lambda v: (v.c.__setitem__(i, state), setattr(v, "busy", v.busy - {i} if state == "exit" else v.busy))
        if s == "run":
            yield change(f"{i} dies", put("exit"))
            yield change(f"{i} stops answering", put("deaf"))
        elif s == "start":
            yield change(f"{i} is ready", put("run"))
            yield change(f"{i} is never ready", put("deaf"))
        elif s == "deaf":
            yield change(f"{i} answers again", put("run"))
        if s in ("run", "deaf") and i in w.served and not w.busy:
            yield change(f"{i} gets requests", lambda v: setattr(v, "busy", frozenset({i})))
        if not w.stuck:
            yield change(f"{i} can't be ended", lambda v: setattr(v, "stuck", frozenset({i})))
    if w.running():
        yield change("all boot again", boot)
        yield change("Docker restarts", daemon)
    yield change("the state is lost", lose)
    yield change("minutes pass", pause)
    yield change("NGINX refuses", lambda v: setattr(v, "refuses", True)) if not w.refuses else change(
        "NGINX is well", lambda v: setattr(v, "refuses", False))
    if w.disk != w.served:
        yield change("foreign reload", lambda v: (setattr(v, "served", v.disk), setattr(v, "over", v.over - v.disk)))


def converges(w, bug):
    """Nothing more goes wrong: a dead one is out within one run where another can serve, and all is in order in a few."""
    w = w.copy()
    w.refuses, w.stuck = False, frozenset()
    w.c = {i: "run" if s == "start" else s for i, s in w.c.items()}
    if not w.running():
        w.c = {i: "run" if s == "deaf" else s for i, s in w.c.items()}
    for number in range(1, PATIENCE + 1):
        w.begin()
        w.busy, w.state.waited, w.rested = frozenset(), True, True
        live, dead = len(w.served & w.running()), len(w.served - w.running())
        for _ in run(w, "hold", bug):
            if unsafe(w, live, dead):
                break
        wrong = unsafe(w, live, dead)
        if wrong:
            return f"{wrong} (clean run {number})"
        if w.served - w.running():
            return "dead ones served after a clean run"
        rest = [i for i in w.c if i not in w.served]
        if not rest and w.disk == w.served and MIN <= len(w.served) <= MAX and not w.state.op:
            return None
    return f"no order: {w.c}, served {sorted(w.served)}, file {sorted(w.disk)}"


def explore(depth, bug=None, patience=5, quiet=False, refusing=False):
    """Breadth first. Returns how many violations there are.

    `refusing` begins with one backend more that NGINX does not take, and keeps to what concerns that.
    """
    start = World()
    if refusing:
        start.c[1], start.n, start.refuses = "run", 2, True
    seen, settled, frontier = {start.key()}, {}, [(start, ())]
    runs = bad = 0

    def report(how, history, wrong):
        nonlocal bad
        bad += 1
        if not quiet:
            print(f"{how}: {wrong}\n  after: {' / '.join(history)}")

    for level in range(depth):
        following = []
        for w0, history in frontier:
            for decision in ("up", "down", "hold"):
                w = w0.copy()
                w.begin()
                live, dead = len(w.served & w.running()), len(w.served - w.running())
                ends = []  # the world at every kill point, and at the end
                steps = run(w, decision, bug)
                while True:
                    isOver = next(steps, w) is w
                    if isOver:
                        after(w, decision)
                    wrong = unsafe(w, live, dead)
                    if wrong:
                        report("safety", history + (decision,), wrong)
                        break
                    ends.append((w.copy(), "done" if isOver else f"killed at {len(ends)}"))
                    if not isOver and not w.held_back:
                        ends[-1][0].held = 0
                    if isOver:
                        break
                runs += len(ends)
                for ended, how in ends:
                    for name, v in events(ended):
                        if refusing and name[0].isdigit():
                            continue
                        key = v.key()
                        if key not in settled:
                            settled[key] = converges(v, bug)
                            if settled[key]:
                                report("order", history + (f"{decision} {how}", name), settled[key])
                        if key not in seen:
                            seen.add(key)
                            following.append((v, history + (f"{decision} {how}", name)))
                if bad >= patience:
                    return bad
        frontier = following
        if not quiet:
            print(f"depth {level + 1}: {len(seen)} distinct worlds, {runs} runs, violations: {bad}", flush=True)
    return bad


def main():
    depth = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    if len(sys.argv) > 2:
        return 1 if violations(depth, sys.argv[2]) else 0
    wrong = violations(depth) > 0
    for bug, words in BUGS.items():
        found = violations(depth, bug, patience=1, quiet=True) > 0
        print(f"planted: {words}: {'found' if found else 'NOT found'}", flush=True)
        wrong = wrong or not found
    return 1 if wrong else 0


def violations(depth, bug=None, **how):
    return explore(depth, bug, refusing=True, **how) or explore(depth, bug, **how)


sys.exit(main())
