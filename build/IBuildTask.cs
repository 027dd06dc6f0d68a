using System.CommandLine;

namespace Ci.Build;

/// <summary>One thing the build can do; one class each.</summary>
internal interface IBuildTask
{
    string Name { get; }

    string Summary { get; }

    IReadOnlyList<Option> Options => [];

    IReadOnlyList<Argument> Arguments => [];

    /// <returns>The exit code: 0 when everything held.</returns>
    Task<int> RunAsync(BuildContext context, ParseResult arguments, CancellationToken cancellation);
}
