import Testing

@testable import Connections
@testable import Settings

struct S3AddressTests {
    private func address(_ bucket: String, _ endpoint: String? = nil) -> S3Address {
        S3Address(.init(bucket: bucket, prefix: "p", endpoint: endpoint, region: "eu-central-1"))
    }

    @Test func `Amazon's own gets the bucket in the host, unless it has dots; an endpoint in the path`() {
        #expect(address("bucket").bucket == "https://bucket.s3.eu-central-1.amazonaws.com")
        #expect(address("my.bucket").bucket == "https://s3.eu-central-1.amazonaws.com/my.bucket")
        #expect(address("bucket", "https://s3.example.com:9000").bucket == "https://s3.example.com:9000/bucket")
    }

    @Test func `keys and parameters are escaped once, and parameters sorted`() {
        let url = address("bucket", "https://h").url(
            "a/b%20ü+~.dump", [.init("uploads"), .init("prefix", "a/b=&"), .init("max-uploads", "1")])
        #expect(url == "https://h/bucket/a/b%2520%C3%BC%2B~.dump?max-uploads=1&prefix=a%2Fb%3D%26&uploads=")
        #expect(address("bucket", "https://h").url() == "https://h/bucket/")
    }

    @Test func `a place is a bucket and folders below it`() {
        for (text, bucket, prefix) in [
            ("s3://bucket", "bucket", ""), ("s3://bucket/", "bucket", ""),
            ("s3://my.bucket-1/a/b_c.D/", "my.bucket-1", "a/b_c.D"),
        ] {
            let location = StoreLocation(text)
            #expect(location?.bucket == bucket && location?.prefix == prefix, "\(text)")
        }
    }

    @Test(arguments: [
        "", "bucket", "s3://", "s3:///a", "s3://b", "s3://Bucket", "s3://-bucket", "s3://bucket//a", "s3://bucket/../a",
        "s3://bucket/a b", "s3://bucket/a?b", "s3://bucket/a%2F", "s3://key:secret@bucket/a", "https://bucket/a",
    ])
    func `what would have to be escaped, or leads elsewhere, is no place`(text: String) {
        #expect(StoreLocation(text) == nil)
    }

    @Test(arguments: [
        "http://s3.example.com", "https://u:p@host", "https://host/path", "https://host?x", "ftp://host", "host",
        "http://127.0.0.1.example.com", "https://",
    ])
    func `an endpoint that would send the dump elsewhere, or for all to read, is refused`(endpoint: String) {
        #expect(ValueParser.endpoint.parse(endpoint) == nil)
    }

    @Test func `an endpoint is https, or loopback`() {
        #expect(ValueParser.endpoint.parse("https://s3.example.com/") == "https://s3.example.com")
        #expect(ValueParser.endpoint.parse("http://127.0.0.1:9000") == "http://127.0.0.1:9000")
        #expect(ValueParser.endpoint.parse("http://localhost") == "http://localhost")
    }

    @Test func `a region is letters, digits and hyphens`() {
        for region in ["us-east-1", "auto", "RegionOne"] { #expect(ValueParser.region.parse(region) == region) }
        for region in ["", "eu west", "eu:s3", "eu/..", "eu.evil.example", "ü"] {
            #expect(ValueParser.region.parse(region) == nil, "\(region)")
        }
    }
}
