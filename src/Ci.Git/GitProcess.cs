using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Ci.Git;

/// <summary>Runs the git command line: arguments as a list, never through a shell; English messages; no prompt, ever.</summary>
internal sealed class GitProcess(string workingDirectory, GitOptions options)
{
    private const int MaxOutput = 512 << 20;

    // Set by hooks and wrappers to point git somewhere else; we always say where ourselves.
    private static readonly string[] Redirecting =
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_QUARANTINE_PATH", "GIT_CEILING_DIRECTORIES"];

    public GitOptions Options => options;

    /// <summary>Runs git and throws what its failure means.</summary>
    public async Task<GitResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken ct, byte[]? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var result = await this.TryAsync(arguments, ct, input, environment);
        return result.ExitCode == 0 ? result : throw GitErrors.Of(arguments, result);
    }

    /// <summary>Runs git and returns whatever its exit code was.</summary>
    public async Task<GitResult> TryAsync(IReadOnlyList<string> arguments, CancellationToken ct, byte[]? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = this.Start(arguments, environment);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Timeout);
        try
        {
            var output = ReadAsync(process.StandardOutput.BaseStream, limit.Token);
            var error = ReadAsync(process.StandardError.BaseStream, limit.Token);
            await WriteAsync(process, input, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new GitResult(process.ExitCode, await output, Encoding.UTF8.GetString(await error).Trim());
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new GitUnavailableException($"git {arguments[0]} did not finish within {options.Timeout.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Starts git for a conversation; the caller ends it.</summary>
    public Process Open(IReadOnlyList<string> arguments) => this.Start(arguments, null);

    private static async Task WriteAsync(Process process, byte[]? input, CancellationToken ct)
    {
        try
        {
            if (input is not null)
                await process.StandardInput.BaseStream.WriteAsync(input, ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Git ended before it read everything; its exit code and message tell why.
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken ct)
    {
        using var all = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            if (all.Length + read > MaxOutput)
                throw new GitException($"git wrote more than {MaxOutput >> 20} MiB; that is more than mlops reads");
            all.Write(buffer, 0, read);
        }

        return all.ToArray();
    }

    private Process Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        this.Prepare(start.Environment, environment);
        try
        {
            return Process.Start(start) ?? throw new GitMissingException("git could not be started");
        }
        catch (Win32Exception error) when (Directory.Exists(workingDirectory))
        {
            throw new GitMissingException("git is not installed or not on PATH; install it (Debian: `apt-get install git`, macOS: `xcode-select --install`; 2.30 or newer)", error);
        }
        catch (Win32Exception error)
        {
            throw new GitException($"the folder {workingDirectory} does not exist", error);
        }
    }

    private void Prepare(IDictionary<string, string?> variables, IReadOnlyDictionary<string, string>? environment)
    {
        foreach (var (name, value) in options.Environment)
            variables[name] = value;
        foreach (var name in Redirecting)
            variables.Remove(name);
        variables["LC_ALL"] = "C";
        variables["LANGUAGE"] = "C";
        variables["GIT_TERMINAL_PROMPT"] = "0";
        variables["GIT_ASKPASS"] = "true";
        variables["SSH_ASKPASS"] = "true";
        variables["GCM_INTERACTIVE"] = "never";
        variables["GIT_EDITOR"] = "true";
        variables["GIT_PAGER"] = "cat";
        variables["GIT_OPTIONAL_LOCKS"] = "0";
        variables["GIT_LITERAL_PATHSPECS"] = "1";
        variables["GIT_AUTHOR_NAME"] = variables["GIT_COMMITTER_NAME"] = options.AuthorName;
        variables["GIT_AUTHOR_EMAIL"] = variables["GIT_COMMITTER_EMAIL"] = options.AuthorEmail;
        if (options.Time is { } time)
            variables["GIT_AUTHOR_DATE"] = variables["GIT_COMMITTER_DATE"] = $"@{time.GetUtcNow().ToUnixTimeSeconds()} +0000";
        if (environment is null)
            return;
        foreach (var (name, value) in environment)
            variables[name] = value;
    }
}
