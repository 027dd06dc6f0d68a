namespace Ci.Cli.Tests.Dvc;

/// <summary>One step of a <see cref="Transcript"/>.</summary>
/// <param name="IsShell">A command of the shell, and not of DVC.</param>
/// <param name="Command">As typed; of DVC without its name.</param>
internal sealed record Asked(bool IsShell, string Command)
{
    /// <summary>The command is the text of the dvc.yaml that was written.</summary>
    public bool IsPipeline { get; init; }

    public int Code { get; init; }

    public string Output { get; init; } = "";
}
