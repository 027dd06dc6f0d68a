namespace Ci.Pipelines.Experiments;

/// <summary>One change of a parameter, settled: as <c>-S</c> takes it, without ranges.</summary>
/// <param name="File">From the project's root.</param>
/// <param name="Kind">What happens to the key.</param>
/// <param name="Key">Dotted; a number is a place in a list.</param>
/// <param name="Value">Null for <see cref="OverrideKind.Remove"/>, too.</param>
public sealed record ParameterOverride(string File, OverrideKind Kind, string Key, object? Value)
{
    /// <summary>As <c>-S</c> takes it.</summary>
    public override string ToString()
    {
        var file = this.File == PipelineFile.DefaultParameters ? "" : this.File + ":";
        return this.Kind switch
        {
            OverrideKind.Remove => $"{file}~{this.Key}",
            OverrideKind.Add => $"{file}+{this.Key}={OverrideText.Of(this.Value)}",
            OverrideKind.SetOrAdd => $"{file}++{this.Key}={OverrideText.Of(this.Value)}",
            _ => $"{file}{this.Key}={OverrideText.Of(this.Value)}",
        };
    }
}
