using System.Text.Json.Nodes;
using Ci.Forges;
using Ci.Jobs;

namespace Ci.Cli.Reports;

/// <summary>One place where a report may go, and whether it went there.</summary>
/// <param name="Name">"comment", "check", "summary" and so on.</param>
/// <param name="State">What became of it.</param>
/// <param name="Detail">How it went, or why it did not; one line.</param>
/// <param name="Url">Where a person finds it.</param>
/// <param name="Permission">The permission that would help, in the forge's words.</param>
internal sealed record Surface(string Name, SurfaceState State, string Detail, Uri? Url = null, string? Permission = null)
{
    public static Surface Skip(string name, string why) => new(name, SurfaceState.Skipped, why);

    /// <summary>What a forge's error means: never that the job fails, for a verdict does not depend on where it is shown.</summary>
    public static Surface Of(string name, ForgeException error) => error switch
    {
        ForgeRefusedException refused => new Surface(name, SurfaceState.Refused, refused.Message, Permission: refused.MissingPermission),
        ForgeUnavailableException => new Surface(name, SurfaceState.Unavailable, error.Message),
        _ => new Surface(name, SurfaceState.Refused, error.Message),
    };

    public JsonObject ToJson() => new()
    {
        ["surface"] = this.Name,
        ["state"] = this.State.ToString().ToLowerInvariant(),
        ["detail"] = this.Detail,
        ["url"] = this.Url?.AbsoluteUri,
        ["permission"] = this.Permission,
    };

    public override string ToString()
    {
        var help = this.Permission is { } permission && !this.Detail.Contains(permission, StringComparison.Ordinal) ? $" (missing: {permission})" : "";
        return LogText.Line($"{this.Name}: {this.State.ToString().ToLowerInvariant()}: {this.Detail}{help}{(this.Url is { } url ? $" {url.AbsoluteUri}" : "")}");
    }
}
