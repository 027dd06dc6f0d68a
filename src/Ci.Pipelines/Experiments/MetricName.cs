namespace Ci.Pipelines.Experiments;

/// <summary>A metric or parameter as people name it: <c>metrics.json:test.rmse</c>, or the key alone where that says enough.</summary>
/// <param name="File">From the project's root; null: whichever file has the key.</param>
/// <param name="Key">Dotted.</param>
public sealed record MetricName(string? File, string Key)
{
    public static MetricName Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        return colon > 0 && colon < text.Length - 1 ? new MetricName(text[..colon], text[(colon + 1)..]) : new MetricName(null, text);
    }

    /// <summary>Whether it names a value of a file.</summary>
    public bool Fits(string file, string key) => key == this.Key && (this.File is null || this.File == file);

    public override string ToString() => this.File is null ? this.Key : $"{this.File}:{this.Key}";
}
