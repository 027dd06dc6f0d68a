namespace Ci.Build.Tools;

/// <summary>How a child process ended; output in the order in which it was written, both streams apart.</summary>
internal sealed record ProcessResult(string Command, int ExitCode, string Output, string Error)
{
    /// <summary>Fails with the command and the end of what it said, unless it ended with 0 (or one of <paramref name="allowed"/>).</summary>
    public ProcessResult OrThrow(params int[] allowed)
    {
        if (this.ExitCode == 0 || allowed.Contains(this.ExitCode))
            return this;
        var said = string.Join('\n', (this.Output + this.Error).TrimEnd().Split('\n').TakeLast(30));
        throw new BuildException($"`{this.Command}` ended with {this.ExitCode}:\n{said}");
    }
}
