using Ci.Releases;

namespace Ci.Cli;

/// <summary>The release beside a baseline's evaluation, as <c>mlops release fetch</c> leaves it: it says which version is live, and how old it is.</summary>
internal static class BaselineRelease
{
    /// <summary>The release of exactly that evaluation; null where there is none, or it is about another evaluation.</summary>
    /// <exception cref="CliException">The file beside it is no release.</exception>
    public static Release? Beside(CliContext context, string? evaluation)
    {
        if (evaluation is null || !File.Exists(context.FullPath(evaluation)))
            return null;
        var file = new FileInfo(Path.Combine(Path.GetDirectoryName(context.FullPath(evaluation))!, Release.FileName));
        if (!file.Exists)
            return null;
        var shown = Path.Combine(Path.GetDirectoryName(evaluation) ?? "", Release.FileName);
        if (file.Length > Release.MaxDocumentBytes)
            throw new CliException($"{shown} has {file.Length} bytes; at most {Release.MaxDocumentBytes} are read");
        try
        {
            var release = Release.Read(File.ReadAllBytes(file.FullName));
            return release.EvaluationSha256 == Sha256Digest.Of(File.ReadAllBytes(context.FullPath(evaluation))) ? release : null;
        }
        catch (ReleaseRefusedException error)
        {
            throw new CliException($"{shown}: {error.Message}; run `mlops release fetch` again, or delete it", inner: error);
        }
    }

    /// <summary>"live v1.0.0".</summary>
    public static string? Label(Release? release) => release is null ? null : $"live v{release.Version}";
}
