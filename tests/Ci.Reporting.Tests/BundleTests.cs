using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Ci.Evaluation;
using Ci.Testing;

namespace Ci.Reporting.Tests;

public sealed class BundleTests : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Fact]
    public void A_bundle_survives_being_packed_and_opened_as_file_and_as_folder()
    {
        var files = Made();
        var zip = ReportBundle.Pack(files);
        Assert.Equal(zip, ReportBundle.Pack(Made()));
        var opened = this.Open(zip);
        Assert.Equal((12, Commit, "energy-load"), (opened.Claims.PullRequest, opened.Claims.Commit, opened.Report.Model.Name));
        foreach (var (name, bytes) in files)
            File.WriteAllBytes(this.folder.Write(Path.Combine("unpacked", name), ""), bytes);
        Assert.Equal(opened.Report.ToBytes(), ReportBundle.Open(this.folder.Of("unpacked")).Report.ToBytes());
    }

    public static TheoryData<string, string> Tricks => new()
    {
        { "../../report.json", "a way out of its folder" },
        { "/etc/report.json", "an absolute path" },
        { "C:\\report.json", "an absolute path" },
        { "report.json\0.txt", "with a NUL" },
        { "more.zip", "an archive in the archive" },
        { "report.md", "which is no file of a bundle" },
        { "REPORT.JSON", "which is no file of a bundle" },
    };

    [Theory]
    [MemberData(nameof(Tricks))]
    public void A_name_that_is_none_of_ours_is_refused(string name, string why)
    {
        var files = Made().ToList();
        files[1] = (name, files[1].Bytes);
        Assert.Contains(why, this.Refusal(Zipped(files)), StringComparison.Ordinal);
    }

    [Fact]
    public void More_fewer_double_and_reordered_entries_are_refused()
    {
        var files = Made().ToList();
        Assert.Contains("has 5 entries", this.Refusal(Zipped([.. files, ("extra.json", [1])])), StringComparison.Ordinal);
        Assert.Contains("has 3 entries", this.Refusal(Zipped(files[..3])), StringComparison.Ordinal);
        Assert.Contains("holds 'report.json' twice", this.Refusal(Zipped([files[0], files[1], files[1], files[3]])), StringComparison.Ordinal);
        Assert.Contains("where evaluation.json belongs", this.Refusal(Zipped([files[0], files[1], files[3], files[2]])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bomb_is_refused_before_it_is_inflated_whatever_it_declares()
    {
        var files = Made().ToList();
        files[1] = ("report.json", new byte[64 << 20]);
        var honest = Zipped(files);
        var clock = Stopwatch.StartNew();
        Assert.Contains("at most 4194304 are read", this.Refusal(honest), StringComparison.Ordinal);

        // Under the size limit, but far beyond any ratio of text.
        files[1] = ("report.json", new byte[4 << 20]);
        Assert.Contains("over 200 times its packed size", this.Refusal(Zipped(files)), StringComparison.Ordinal);

        // One that lies about its size: it declares little and holds much.
        files[1] = ("report.json", new byte[64 << 20]);
        var lying = Patched(Zipped(files), "report.json", (local, central) =>
        {
            U32(local, 22, 100_000);
            U32(central, 24, 100_000);
        });
        Assert.Contains("another size than it says", this.Refusal(lying), StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
    }

    [Fact]
    public void Links_encryption_contradicting_headers_hidden_bytes_and_long_tails_are_refused()
    {
        var zip = ReportBundle.Pack(Made());
        Assert.Contains("is a link", this.Refusal(Patched(zip, "report.json", (_, central) => U32(central, 38, 0xA1FF0000))), StringComparison.Ordinal);
        Assert.Contains("is encrypted", this.Refusal(Patched(zip, "report.json", (_, central) => central[8] |= 1)), StringComparison.Ordinal);
        Assert.Contains("contradict each other", this.Refusal(Patched(zip, "report.json", (local, _) => local[14] ^= 1)), StringComparison.Ordinal);
        Assert.Contains("packed in a way", this.Refusal(Patched(zip, "report.json", (local, central) => (local[8], central[10]) = (12, 12))), StringComparison.Ordinal);
        Assert.Contains("checksum differs", this.Refusal(Patched(zip, "verdict.json", (local, central) => (local[14], central[16]) = ((byte)(local[14] ^ 1), (byte)(central[16] ^ 1)))), StringComparison.Ordinal);
        Assert.Contains("hangs on its end", this.Refusal([.. zip, .. "tail"u8]), StringComparison.Ordinal);
        Assert.Contains("does not lie where it says", this.Refusal([.. "MZ head"u8, .. zip]), StringComparison.Ordinal);
        Assert.Contains("cut short", this.Refusal(zip[..(zip.Length / 2)]), StringComparison.Ordinal);
        Assert.Contains("cut short", this.Refusal([]), StringComparison.Ordinal);
        Assert.Contains("at most", this.Refusal(new byte[BundleZip.MostBytes + 1]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_more_with_links_or_with_less_is_refused()
    {
        foreach (var (name, bytes) in Made())
            File.WriteAllBytes(this.folder.Write(Path.Combine("f", name), ""), bytes);
        this.folder.Write(Path.Combine("f", "report.md"), "# trust me");
        Assert.Contains("holds 'report.md'", Refusal(this.folder.Of("f")), StringComparison.Ordinal);
        File.Delete(this.folder.Of("f", "report.md"));
        File.Delete(this.folder.Of("f", "report.json"));
        Assert.Contains("lacks a file", Refusal(this.folder.Of("f")), StringComparison.Ordinal);
        File.CreateSymbolicLink(this.folder.Of("f", "report.json"), "/etc/passwd");
        Assert.Contains("is a link or folder", Refusal(this.folder.Of("f")), StringComparison.Ordinal);
    }

    [Fact]
    public void Documents_that_are_not_those_of_the_manifest_are_refused()
    {
        var files = Made().ToList();
        files[3] = ("verdict.json", [.. files[3].Bytes, (byte)'\n']);
        Assert.Contains("verdict.json is not the file that bundle.json names", this.Refusal(ReportBundle.Pack(files)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"schema\":\"mlops.bundle/v2\",\"commit\":\"\",\"files\":[]}", "expected 'mlops.bundle/v1'")]
    [InlineData("{\"schema\":\"mlops.bundle/v1\",\"commit\":\"main\",\"files\":[]}", "full commit id")]
    [InlineData("{\"schema\":\"mlops.bundle/v1\",\"pullRequest\":-1,\"commit\":\"0123456789abcdef0123456789abcdef01234567\",\"files\":[]}", "a number from 1")]
    [InlineData("{\"schema\":\"mlops.bundle/v1\",\"commit\":\"0123456789abcdef0123456789abcdef01234567\",\"files\":[null]}", "must list")]
    [InlineData("{\"schema\":\"mlops.bundle/v1\",\"commit\":\"0123456789abcdef0123456789abcdef01234567\",\"files\":[],\"run\":\"rm\"}", "not readable")]
    [InlineData("{\"schema\":\"mlops.bundle/v1\",\"commit\":\"0123456789abcdef0123456789abcdef01234567\",\"commit\":\"x\",\"files\":[]}", "not readable")]
    [InlineData("null", "schema")]
    [InlineData("[[[[[[[[[[]]]]]]]]]]", "not readable")]
    public void A_manifest_is_read_strictly(string manifest, string why)
    {
        var files = Made().ToList();
        files[0] = ("bundle.json", Encoding.UTF8.GetBytes(manifest));
        Assert.Contains(why, this.Refusal(ReportBundle.Pack(files)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_verdict_that_its_gates_or_intervals_do_not_bear_is_refused()
    {
        var worse = Gate with { Difference = 661, Low = 603, High = 718, Candidate = 2966, Baseline = 2305 };
        Assert.Contains("its interval does not bear it", Contradiction(worse, Outcome.Pass), StringComparison.Ordinal);
        Assert.Contains("outcome is", Contradiction(Gate with { Outcome = Outcome.Regress, Low = -1, High = 1 }, Outcome.Pass), StringComparison.Ordinal);
        var report = Document(Gate, Outcome.Pass) with { Gates = [] };
        Assert.Contains("the report's gates are not the verdict's", Assert.Throws<BundleRefusedException>(() => Made(report: report)).Message, StringComparison.Ordinal);
        report = Document(Gate, Outcome.Pass);
        report = report with { Metrics = [report.Metrics[0] with { Candidate = new(1) }] };
        Assert.Contains("the report's metrics are not the evaluation's", Assert.Throws<BundleRefusedException>(() => Made(report: report)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_damaged_anywhere_is_refused_and_never_crashes()
    {
        var zip = ReportBundle.Pack(Made());
        var random = new Random(11);
        for (var round = 0; round < 1_500; round++)
        {
            var damaged = zip.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            if (round % 3 == 0)
                damaged = damaged[..random.Next(damaged.Length)];
            try
            {
                BundleZip.Read(damaged);
            }
            catch (BundleRefusedException)
            {
                // As it should be; anything else fails the test.
            }
        }
    }

    private static GateResult Gate => new() { Name = "RMSE", Metric = "rmse", Rule = "not worse", Unit = "MW", Direction = "lower", Candidate = 2305, Baseline = 2966, Difference = -661, Low = -718, High = -603, Level = 0.95, Margin = 0, Outcome = Outcome.Pass, Reason = "it is lower" };

    private static ModelEvaluation Evaluation => new()
    {
        Model = new EvaluatedModel { Name = "energy-load", Path = "model.onnx", Sha256 = new string('c', 64), Bytes = 1000 },
        Data = new EvaluatedData { Path = "data/test.csv", Sha256 = new string('d', 64), Rows = 100 },
        Task = Tasks.Regression, Target = "load", Unit = "MW",
        Metrics = [new MetricValue { Name = "rmse", Value = 2305, Unit = "MW", Direction = "lower", Low = 2275, High = 2345, Level = 0.95 }],
    };

    private static Verdict VerdictOf(GateResult gate, Outcome outcome) => new()
    {
        Outcome = outcome,
        Candidate = new ComparedModel { Name = "energy-load", Sha256 = new string('c', 64), EvaluationSha256 = Convert.ToHexStringLower(SHA256.HashData(Evaluation.ToBytes())) },
        Baseline = new ComparedModel { Name = "energy-load", Sha256 = new string('b', 64), EvaluationSha256 = new string('f', 64), Label = "live v1" },
        Gates = [gate],
    };

    private static Report Document(GateResult gate, Outcome outcome) => ReportBuilder.Build(new ReportInput
    {
        Candidate = Evaluation, Verdict = VerdictOf(gate, outcome), Lineage = new ReportLineage { CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Version = "1.0.0" },
    });

    private static IReadOnlyList<(string Name, byte[] Bytes)> Made(Report? report = null) =>
        ReportBundle.Make(12, Commit, (report ?? Document(Gate, Outcome.Pass)).ToBytes(), Evaluation.ToBytes(), VerdictOf(Gate, Outcome.Pass).ToBytes());

    // A verdict cannot be written that way, so its text is changed afterwards.
    private static string Contradiction(GateResult gate, Outcome claimed)
    {
        var honest = VerdictOf(gate, gate.Outcome);
        var verdict = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(honest.ToBytes()).Replace($"\"outcome\": \"{gate.Outcome.ToString().ToLowerInvariant()}\",\n  \"cand", $"\"outcome\": \"{claimed.ToString().ToLowerInvariant()}\",\n  \"cand", StringComparison.Ordinal));
        return Assert.Throws<BundleRefusedException>(() => ReportBundle.Make(12, Commit, Document(gate, gate.Outcome).ToBytes(), Evaluation.ToBytes(), verdict)).Message;
    }

    private static byte[] Zipped(IReadOnlyList<(string Name, byte[] Bytes)> files)
    {
        // As somebody who means harm packs it.
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                using var stream = archive.CreateEntry(name).Open();
                stream.Write(bytes);
            }
        }

        return buffer.ToArray();
    }

    private delegate void Change(Span<byte> local, Span<byte> central);

    private static byte[] Patched(byte[] zip, string name, Change change)
    {
        var copy = zip.ToArray();
        var (local, central) = (Header(copy, "PK\u0003\u0004", 30, name), Header(copy, "PK\u0001\u0002", 46, name));
        change(copy.AsSpan(local), copy.AsSpan(central));
        return copy;
    }

    private static int Header(byte[] zip, string magic, int length, string name)
    {
        var pattern = Encoding.ASCII.GetBytes(magic);
        for (var at = 0; ; at++)
        {
            at += zip.AsSpan(at).IndexOf(pattern);
            if (zip.AsSpan(at + length).StartsWith(Encoding.ASCII.GetBytes(name)))
                return at;
        }
    }

    private static void U32(Span<byte> bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], value);

    private ReportBundle Open(byte[] zip)
    {
        File.WriteAllBytes(this.folder.Write("bundle.zip", ""), zip);
        return ReportBundle.Open(this.folder.Of("bundle.zip"));
    }

    private string Refusal(byte[] zip) => Assert.Throws<BundleRefusedException>(() => this.Open(zip)).Message;

    private static string Refusal(string path) => Assert.Throws<BundleRefusedException>(() => ReportBundle.Open(path)).Message;
}
