using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Ci.Testing;

namespace Ci.Evaluation.Tests.Splits;

public sealed class SplitTests : IDisposable
{
    private const string Header = "id,group,class,time,value";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => this.folder.Dispose();

    [Theory]
    [InlineData(SplitKind.Random, null)]
    [InlineData(SplitKind.Stratified, "class")]
    [InlineData(SplitKind.Grouped, "group")]
    [InlineData(SplitKind.Chronological, "time")]
    public void Every_row_is_in_exactly_one_part_with_its_bytes_and_the_order_of_the_file(SplitKind kind, string? column)
    {
        var rows = Rows(3_000, seed: (int)kind);
        var record = this.Split(rows, kind, column, "train=0.7,valid=0.1,test=0.2");
        var parts = record.Parts.Select(part => this.Part(part.Path)).ToList();
        Assert.Equal(rows.Order(StringComparer.Ordinal), parts.SelectMany(p => p).Order(StringComparer.Ordinal));
        var place = rows.Select((row, i) => (row, i)).ToDictionary(pair => pair.row, pair => pair.i, StringComparer.Ordinal);
        Assert.All(parts, part => Assert.Equal(part.Select(row => place[row]).Order(), part.Select(row => place[row])));
        Assert.Equal([.. parts.Select(p => (long)p.Count)], record.Parts.Select(p => p.Rows));
        foreach (var part in record.Parts)
        {
            var bytes = File.ReadAllBytes(this.folder.Of("out", part.Path));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), part.Sha256);
#pragma warning disable CA5351 // DVC names content by MD5.
            Assert.Equal(Convert.ToHexStringLower(MD5.HashData(bytes)), part.Md5);
#pragma warning restore CA5351
            Assert.InRange(part.Share!.Value, part.Wanted!.Value - 0.06, part.Wanted.Value + 0.06);
        }

        Assert.Equal((0L, 3_000L), (record.RowsInTwoParts, record.Data.Rows));
        Assert.Equal("", JsonSchemas.Problems(RepositoryRoot.At("docs", "protocol", "schemas", "split.schema.json"), this.folder.Of("out", "split.json")));
    }

    [Theory]
    [InlineData(SplitKind.Random, null)]
    [InlineData(SplitKind.Stratified, "class")]
    [InlineData(SplitKind.Grouped, "group")]
    [InlineData(SplitKind.Chronological, "time")]
    public void The_same_call_gives_the_same_bytes(SplitKind kind, string? column)
    {
        var rows = Rows(500, 3);
        this.Split(rows, kind, column);
        var first = Directory.GetFiles(this.folder.Of("out")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).ToList();
        this.Split(rows, kind, column);
        Assert.Equal(first, Directory.GetFiles(this.folder.Of("out")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes));
        Assert.Equal(["split.json", "test.csv", "train.csv"], Directory.GetFiles(this.folder.Of("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(SplitKind.Random, null)]
    [InlineData(SplitKind.Grouped, "group")]
    public void A_row_keeps_its_part_when_others_are_added_removed_or_shuffled(SplitKind kind, string? column)
    {
        var rows = Rows(2_000, 5);
        this.Split(rows[..1_000], kind, column);
        var before = this.Part("train.csv").ToHashSet(StringComparer.Ordinal);
        this.Split([.. rows.OrderBy(row => row[^1]).ThenBy(row => row.Length)], kind, column);
        var after = this.Part("train.csv").ToHashSet(StringComparer.Ordinal);
        Assert.All(rows[..1_000], row => Assert.Equal(before.Contains(row), after.Contains(row)));
    }

    [Fact]
    public void A_row_that_was_added_moves_few_others_of_a_stratified_split()
    {
        var rows = Rows(2_000, 5);
        this.Split(rows[..1_990], SplitKind.Stratified, "class");
        var before = this.Part("train.csv").ToHashSet(StringComparer.Ordinal);
        this.Split(rows, SplitKind.Stratified, "class");
        var after = this.Part("train.csv").ToHashSet(StringComparer.Ordinal);
        Assert.InRange(rows[..1_990].Count(row => before.Contains(row) != after.Contains(row)), 0, 10);
    }

    [Fact]
    public void The_lot_of_a_row_is_what_the_page_says()
    {
        // Python: int.from_bytes(hashlib.sha256(b"7\0r1\0" ...).digest()[:8], "big") / 2**64 < 0.8
        var rows = Rows(300, 11);
        this.Split(rows, SplitKind.Random, null, seed: 7, key: ["id"]);
        var train = this.Part("train.csv").ToHashSet(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"7\0{row.Split(',')[0]}\0"));
            var lot = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(digest) / Math.Pow(2, 64);
            Assert.Equal(lot < 0.8, train.Contains(row));
        }
    }

    [Fact]
    public void Another_seed_is_another_split()
    {
        var rows = Rows(1_000, 1);
        this.Split(rows, SplitKind.Random, null, seed: 1);
        var first = this.Part("test.csv");
        this.Split(rows, SplitKind.Random, null, seed: 2);
        Assert.InRange(first.Intersect(this.Part("test.csv"), StringComparer.Ordinal).Count(), 10, 90); // 1,000 · 0.2² = 40
    }

    [Fact]
    public void A_group_is_never_parted()
    {
        this.Split(Rows(3_000, 7), SplitKind.Grouped, "group", "a=0.5,b=0.3,c=0.2");
        var groups = new[] { "a.csv", "b.csv", "c.csv" }.Select(part => this.Part(part).Select(row => row.Split(',')[1]).ToHashSet(StringComparer.Ordinal)).ToList();
        Assert.Empty(groups[0].Intersect(groups[1]).Concat(groups[1].Intersect(groups[2])).Concat(groups[0].Intersect(groups[2])));
    }

    [Fact]
    public void Each_class_has_its_share_within_one_row()
    {
        var rows = Rows(1_777, 9);
        var record = this.Split(rows, SplitKind.Stratified, "class", "train=0.7,valid=0.15,test=0.15");
        foreach (var (name, count) in rows.GroupBy(row => row.Split(',')[2]).Select(g => (g.Key, g.Count())))
        {
            foreach (var part in record.Parts)
            {
                var own = this.Part(part.Path).Count(row => row.Split(',')[2] == name);
                Assert.InRange(own, (count * part.Wanted!.Value) - 1, (count * part.Wanted.Value) + 1);
                Assert.Equal(own, part.Classes!.GetValueOrDefault(name));
            }
        }
    }

    [Fact]
    public void Every_time_of_a_part_lies_before_those_of_the_next_and_a_gap_lies_between()
    {
        var record = this.Split(Rows(2_000, 2), SplitKind.Chronological, "time", "train=0.6,valid=0.2,test=0.2", gap: "48h");
        DateTimeOffset? last = null;
        foreach (var part in record.Parts)
        {
            var times = this.Part(part.Path).Select(row => DateTimeOffset.Parse(row.Split(',')[3], CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(times.Min(), DateTimeOffset.Parse(part.From!, CultureInfo.InvariantCulture));
            Assert.Equal(times.Max(), DateTimeOffset.Parse(part.To!, CultureInfo.InvariantCulture));
            Assert.True(last is null || times.Min() - last.Value > TimeSpan.FromHours(48));
            last = times.Max();
        }

        Assert.Equal(2_000, record.Parts.Sum(part => part.Rows) + record.Dropped);
        Assert.InRange(record.Dropped, 50, 100);
        Assert.Equal("chronological by time, 48h apart", record.InWords());
    }

    [Fact]
    public void Rows_of_one_time_are_never_parted()
    {
        List<string> rows = [.. Enumerable.Range(0, 100).Select(i => $"{i},g,c,2020-01-{1 + (i / 10):00},{i}")];
        this.Split(rows, SplitKind.Chronological, "time", "train=0.55,test=0.45");
        Assert.Empty(this.Part("train.csv").Select(r => r.Split(',')[3]).Intersect(this.Part("test.csv").Select(r => r.Split(',')[3])));
        Assert.Contains("too many rows share one value of 'time'", this.Refusal([.. rows.Select(row => row.Replace(row.Split(',')[3], "2020-01-01", StringComparison.Ordinal))], SplitKind.Chronological, "time"), StringComparison.Ordinal);
    }

    [Fact]
    public void Twins_stay_together_and_keys_that_cross_are_counted()
    {
        var rows = Rows(400, 4);
        var record = this.Split([.. rows, .. rows[..100]], SplitKind.Random, null);
        Assert.Equal(0, record.RowsInTwoParts);
        List<string> later = [.. rows.Select((row, i) => $"k{i % 10},{string.Join(',', row.Split(',')[1..])}")];
        record = this.Split(later, SplitKind.Chronological, "time", key: ["id"]);
        Assert.Equal((0L, 400L), (record.RowsInTwoParts, record.KeysInTwoParts));
        List<string> twins = [.. Enumerable.Range(0, 100).Select(i => $"same,g,c,2020-01-{1 + (i % 28):00},1")];
        Assert.Equal(0, this.Split(twins, SplitKind.Chronological, "time").RowsInTwoParts);
        Assert.True(this.Split([.. twins.Select((row, i) => $"{i}{row}")], SplitKind.Chronological, "time", key: ["group"]).KeysInTwoParts == 100);
    }

    [Fact]
    public void Folds_are_equal_and_disjoint()
    {
        var rows = Rows(1_000, 6);
        this.folder.Write("data.csv", Text(rows));
        var record = Splitter.Run(this.Request(SplitKind.Stratified, "class") with { Parts = SplitRequest.Folds(5) });
        Assert.Equal(["fold-1", "fold-2", "fold-3", "fold-4", "fold-5"], record.Parts.Select(p => p.Name));
        Assert.All(record.Parts, part => Assert.InRange(part.Rows, 190, 210));
        Assert.Equal(rows.Order(StringComparer.Ordinal), record.Parts.SelectMany(p => this.Part(p.Path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Compressed_tables_give_compressed_parts_and_quoted_rows_keep_their_quotes()
    {
        List<string> rows = [.. Enumerable.Range(0, 50).Select(i => $"\"{i}, \"\"x\"\"\",g,c,2020-01-01,\"two\nlines\"")];
        using (var gzip = new GZipStream(File.Create(this.folder.Of("data.csv.gz")), CompressionLevel.Fastest))
            gzip.Write(Encoding.UTF8.GetBytes("\uFEFF" + Text(rows)));
        var record = Splitter.Run(this.Request(SplitKind.Random, null) with { DataPath = "data.csv.gz" });
        using var packed = new GZipStream(File.OpenRead(this.folder.Of("out", record.Parts[0].Path)), CompressionMode.Decompress);
        var text = new StreamReader(packed).ReadToEnd();
        Assert.StartsWith(Header + "\n\"", text, StringComparison.Ordinal);
        Assert.All(text[(Header.Length + 1)..].Split("lines\"\n", StringSplitOptions.RemoveEmptyEntries), row => Assert.Contains(row + "lines\"", rows));
    }

    [Theory]
    [InlineData(SplitKind.Stratified, null, "--by stratified needs --column: the class")]
    [InlineData(SplitKind.Random, "class", "a random split has no --column")]
    [InlineData(SplitKind.Grouped, "grup", "did you mean 'group'?")]
    [InlineData(SplitKind.Chronological, "class", "is no time such as 2020-01-31T23:59:59Z")]
    public void Options_that_make_no_sense_are_refused_and_nothing_is_written(SplitKind kind, string? column, string message)
    {
        Assert.Contains(message, this.Refusal(Rows(50, 1), kind, column), StringComparison.Ordinal);
        Assert.False(Directory.Exists(this.folder.Of("out")) && Directory.EnumerateFileSystemEntries(this.folder.Of("out")).Any());
    }

    [Fact]
    public void A_part_without_a_row_is_refused_and_an_earlier_split_stays_as_it_was()
    {
        this.Split(Rows(100, 1), SplitKind.Random, null);
        var before = Directory.GetFiles(this.folder.Of("out")).Order(StringComparer.Ordinal).Select(File.ReadAllText).ToList();
        Assert.Contains("would get none of the 3 rows", this.Refusal(["1,g,c,2020-01-01,1", "2,g,c,2020-01-02,2", "3,g,c,2020-01-03,3"], SplitKind.Grouped, "group"), StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(this.folder.Of("out")).Order(StringComparer.Ordinal).Select(File.ReadAllText));
    }

    [Theory]
    [InlineData("train", "'train' is no part")]
    [InlineData("train=0.8,test=0.3", "the fractions add up to 1.1, not to 1")]
    [InlineData("train=0.8,../test=0.2", "'../test' cannot name a part")]
    [InlineData("train=0.8,Train=0.2", "two parts are called 'train'")]
    [InlineData("train=1", "a split has 2 to 100 parts, not 1")]
    [InlineData("train=-1,test=2", "'train=-1' is no part")]
    public void Fractions_are_read_strictly(string text, string message) =>
        Assert.Contains(message, Assert.Throws<EvaluationException>(() => SplitRequest.ReadParts(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_damaged_record_is_read_or_refused()
    {
        this.Split(Rows(200, 1), SplitKind.Stratified, "class", gap: null, key: ["id"]);
        DocumentDamage.Check<EvaluationException>(File.ReadAllBytes(this.folder.Of("out", "split.json")), json => SplitRecord.Read(json).ToBytes());
    }

    private static List<string> Rows(int count, int seed)
    {
        var random = new Random(seed);
        var start = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        return [.. Enumerable.Range(0, count).OrderBy(_ => random.Next()).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"r{i},g{i % 211},{"aaaaabbc"[random.Next(8)]},{start.AddHours(i):yyyy-MM-ddTHH:mm:ssZ},{random.NextDouble():0.000}"))];
    }

    private static string Text(List<string> rows) => Header + "\n" + string.Concat(rows.Select(row => row + "\n"));

    private SplitRequest Request(SplitKind kind, string? column) => new()
    {
        Folder = this.folder.Path, DataPath = "data.csv", OutPath = "out", Kind = kind, Column = column, Parts = SplitRequest.ReadParts("train=0.8,test=0.2"), Version = "1.2.3",
    };

    private SplitRecord Split(List<string> rows, SplitKind kind, string? column, string parts = "train=0.8,test=0.2", long seed = 1, string? gap = null, string[]? key = null)
    {
        this.folder.Write("data.csv", Text(rows));
        return Splitter.Run(this.Request(kind, column) with { Parts = SplitRequest.ReadParts(parts), Seed = seed, Gap = gap, Key = key ?? [] });
    }

    private string Refusal(List<string> rows, SplitKind kind, string? column)
    {
        this.folder.Write("data.csv", Text(rows));
        var error = Record.Exception(() => Splitter.Run(this.Request(kind, column)));
        Assert.True(error is EvaluationException or Ci.Statistics.TableException, $"{error}");
        return error!.Message;
    }

    private List<string> Part(string name)
    {
        var lines = File.ReadAllText(this.folder.Of("out", name)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Header, lines[0]);
        return [.. lines[1..]];
    }
}
