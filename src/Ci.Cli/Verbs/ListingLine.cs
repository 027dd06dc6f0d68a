using Ci.Pipelines.Upstream;

namespace Ci.Cli.Verbs;

/// <summary>One line of a listing.</summary>
/// <param name="Entry">What it stands for.</param>
/// <param name="Depth">1: directly in the folder that was asked for.</param>
internal sealed record ListingLine(UpstreamEntry Entry, int Depth);
