using Ci.Testing;

namespace Ci.Evaluation.Tests.DataChecks;

/// <summary>A folder with a table, a schema and perhaps a reference, and the check over them.</summary>
internal sealed class CheckFolder : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public string Path => this.folder.Path;

    public CheckFolder With(string name, string text)
    {
        this.folder.Write(name, text);
        return this;
    }

    public CheckFolder With(string name, byte[] bytes)
    {
        File.WriteAllBytes(this.Of(name), bytes);
        return this;
    }

    public string Of(string name) => this.folder.Of(name);

    public DataCheck Check(string data = "data.csv", string? schema = "schema.yaml", string? reference = null) =>
        DataChecker.Run(new DataCheckRequest { Folder = this.folder.Path, DataPath = data, SchemaPath = schema, ReferencePath = reference });

    /// <summary>The one rule that is broken by a table of one column.</summary>
    public static Breach Breach(string rule, params string[] cells) => Assert.Single(Check(rule, cells).Breaches);

    public static DataCheck Check(string rule, params string[] cells)
    {
        using var own = new CheckFolder();
        return own.With("data.csv", "c,other\n" + string.Concat(cells.Select(cell => cell + ",x\n"))).With("schema.yaml", $"columns: {{c: {{{rule}}}, other: string}}\n").Check();
    }

    public void Dispose() => this.folder.Dispose();
}
