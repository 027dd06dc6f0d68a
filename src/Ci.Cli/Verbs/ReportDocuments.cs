using Ci.Evaluation;
using Ci.Reporting;

namespace Ci.Cli.Verbs;

/// <summary>Reads the documents that reports are made of, within bounds, with messages that name the file.</summary>
internal static class ReportDocuments
{
    private const int MostBytes = 16 << 20;

    /// <summary>Documents do not know the file that they came from; the reader of a message needs it.</summary>
    public static T ReadAs<T>(CliContext context, string path, Func<byte[], T> read)
    {
        try
        {
            return read(ReadFile(context, path));
        }
        catch (Exception error) when (error is EvaluationException or ReportException)
        {
            throw new CliException($"{path}: {error.Message}", inner: error);
        }
    }

    public static byte[] ReadFile(CliContext context, string path)
    {
        var file = new FileInfo(context.FullPath(path));
        if (!file.Exists)
            throw new CliException($"{path} is not there (looked in {context.WorkingDirectory}); `mlops evaluate` writes evaluation.json, `mlops compare` verdict.json, `mlops data check` data-check.json, `mlops report` report/report.json");
        if (file.Length > MostBytes)
            throw new CliException($"{path} has {file.Length} bytes; at most {MostBytes} are read");
        return File.ReadAllBytes(file.FullName);
    }
}
