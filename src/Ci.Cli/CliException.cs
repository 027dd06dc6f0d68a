namespace Ci.Cli;

/// <summary>A verb's own refusal: the message says what, where and how to fix it.</summary>
internal sealed class CliException(string message, int exitCode = ExitCode.Error, Exception? inner = null)
    : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
