using System.IO.Compression;
using System.Text;
using Ci.Statistics;

namespace Ci.Evaluation.Tests.DataChecks;

public sealed class HostileTableTests
{
    private const string Schema = "columns: {a: number, b: string}\n";

    [Theory]
    [InlineData("a,b\n1,x\n2\n", "data.csv:3: the row has 1 cells")]
    [InlineData("a;b\n1;x\n", "only commas are read")]
    [InlineData("a,b\n", "there are no rows below the header")]
    [InlineData("a,b\n1,x\0\n", "data.csv:2: a NUL byte")]
    [InlineData("PAR1", "Parquet file, which is not supported")]
    public void A_damaged_table_is_an_error_and_no_verdict(string text, string message) => Assert.Contains(message, Refusal(Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal);

    [Fact]
    public void Gzip_data_that_end_too_early_are_an_error()
    {
        var whole = Packed("a,b\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},text {i * 7919 % 104729}\n")));
        Assert.Contains("the gzip data is damaged", Refusal(whole[..(whole.Length / 2)]), StringComparison.Ordinal);
        whole[whole.Length / 2] ^= 0xff;
        Assert.StartsWith("data.csv:", Refusal(whole), StringComparison.Ordinal);
        Assert.Contains("under one layer of gzip lies another", Refusal(Packed(Encoding.Latin1.GetString(Packed("a,b\n1,x\n")), Encoding.Latin1)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(5_000)]
    public void Wherever_gzip_data_break_off_they_are_not_taken_for_a_smaller_table(int cut)
    {
        var whole = Packed("a,b\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},text {i * 7919 % 104729}\n")));
        Assert.Contains("the gzip data is damaged", Refusal(whole[..^cut]), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_gzip_members_one_after_another_are_one_table()
    {
        using var folder = new CheckFolder();
        folder.With("schema.yaml", Schema).With("data.csv", [.. Packed("a,b\n1,x\n"), .. Packed("2,y\n"), .. Packed(""), .. Packed("3,z\n")]);
        Assert.Equal(3, folder.Check().Data.Rows);
    }

    [Fact]
    public void A_file_that_is_none_is_an_error()
    {
        using var folder = new CheckFolder();
        folder.With("schema.yaml", Schema);
        Assert.Contains("gone.csv: there is no such file", Assert.Throws<EvaluationException>(() => folder.Check("gone.csv")).Message, StringComparison.Ordinal);
        Assert.Contains("it is a folder", Assert.Throws<EvaluationException>(() => folder.Check(".")).Message, StringComparison.Ordinal);
        folder.With("data.csv", "a,b\n1,x\n");
        Assert.Contains("there is no such file", Assert.Throws<EvaluationException>(() => folder.Check(schema: "no.yaml")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compressed_or_with_a_mark_and_other_line_ends_the_findings_are_the_same()
    {
        using var folder = new CheckFolder();
        const string Text = "a,b\n1,x\nmany,y\n";
        folder.With("schema.yaml", Schema).With("data.csv", Text).With("packed.csv", Packed(Text)).With("mark.csv", "\uFEFF" + Text.Replace("\n", "\r\n", StringComparison.Ordinal));
        var plain = folder.Check();
        foreach (var other in new[] { folder.Check("packed.csv"), folder.Check("mark.csv") })
            Assert.Equivalent(plain with { Data = other.Data }, other);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(folder.Of("packed.csv")))), folder.Check("packed.csv").Data.Sha256);
    }

    [Fact]
    public void A_pattern_that_would_take_for_ever_does_not()
    {
        using var folder = new CheckFolder();
        folder.With("schema.yaml", "columns: {a: {type: string, pattern: '(a+)+b'}}\n").With("data.csv", "a\n" + new string('a', 100_000) + "\n");
        Assert.Equal("pattern", Assert.Single(folder.Check().Breaches).Rule);
    }

    [Fact]
    public void Column_names_that_look_like_something_else_stay_names()
    {
        using var folder = new CheckFolder();
        folder.With("data.csv", "\"a: {b}\",\"# no\",true,\"x, \"\"y\"\"\",\"été\",\"line\nbreak\"\n1,2,3,4,5,6\n");
        folder.With("schema.yaml", SchemaInference.Write("data.csv", folder.Of("data.csv")));
        var check = folder.Check();
        Assert.Equal(CheckOutcome.Pass, check.Outcome);
        Assert.Equal(["a: {b}", "# no", "true", "x, \"y\"", "été", "line\nbreak"], check.Columns.Select(c => c.Name));
    }

    private static byte[] Packed(string text, Encoding? encoding = null)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write((encoding ?? Encoding.UTF8).GetBytes(text));
        return buffer.ToArray();
    }

    private static string Refusal(byte[] bytes)
    {
        using var folder = new CheckFolder();
        folder.With("schema.yaml", Schema).With("data.csv", bytes);
        return Assert.Throws<TableException>(() => folder.Check()).Message;
    }
}
