using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Ci.Forges;
using Ci.Jobs;

namespace Ci.Cli.Verbs;

/// <summary>
/// <c>mlops check run</c>: a check that is in progress while a command runs and says afterwards how it ended, whatever happened: an error, a
/// signal, and (by a second process that waits for the first to vanish) a kill.
/// </summary>
internal static partial class CheckRunVerb
{
    private const int CannotStart = 127;
    private const int Terminate = 15;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(15);
    private static readonly Argument<string[]> Words = new("command") { Description = "The command, behind `--`.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> Title = new("--title", "--name") { Description = "The check's name, as branch protection refers to it.", Required = true };
    private static readonly Option<string> CommitSha = new("--commit-sha", "--head-sha") { Description = "The commit. Default: the job's." };

    public static Command Create(CliContext context) =>
        ForgeSettings.AddTo(new Command("run", "Run a command under a check: in progress while it runs, then success, failure or cancelled.") { Words, Title, CommitSha })
            .Does(context, (parsed, ct) => RunAsync(context, parsed, ct));

    /// <summary>The second process; nobody calls it by hand.</summary>
    public static Command CreateGuard(CliContext context) =>
        ForgeSettings.AddTo(new Command("guard", "Complete a check whose command's process has vanished.") { Title, CommitSha }.Hide())
            .Does(context, (parsed, _) => GuardAsync(context, parsed));

    private static async Task<int> RunAsync(CliContext context, ParseResult parsed, CancellationToken ct)
    {
        var settings = ForgeSettings.Of(context, parsed);
        var check = Check(settings, parsed);
        using var forge = settings.Open();
        var isOpen = await OpenAsync(context, forge, check, ct);
        using var guard = isOpen ? Guard(context, settings.Address(), check) : null;
        var (code, conclusion) = await CommandAsync(context, parsed.GetRequiredValue(Words), ct);
        if (isOpen)
        {
            // After an interruption, too: that is what the check is for.
            using var limit = new CancellationTokenSource(LastWord, context.Time);
            await forge.Checks.PutAsync(check with { Status = CheckStatus.Completed, Conclusion = conclusion, Title = Word(conclusion, code) }, limit.Token);
        }

        if (guard is not null)
            await DismissAsync(guard);
        return code;
    }

    // A job that may not write checks (a fork's) runs its command all the same.
    private static async Task<bool> OpenAsync(CliContext context, IForge forge, CheckRun check, CancellationToken ct)
    {
        try
        {
            await forge.Checks.PutAsync(check, ct);
            return true;
        }
        catch (ForgeRefusedException refusal)
        {
            context.Note($"mlops: the command runs without a check: {refusal.Message}");
            return false;
        }
    }

    private static async Task<(int Code, CheckConclusion Conclusion)> CommandAsync(CliContext context, string[] words, CancellationToken ct)
    {
        using var process = Start(context, words[0], words[1..]);
        if (process is null)
            return (CannotStart, CheckConclusion.Failure);
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(context, process);
            return (ExitCode.Interrupted, CheckConclusion.Cancelled);
        }

        return (process.ExitCode, process.ExitCode == 0 ? CheckConclusion.Success : CheckConclusion.Failure);
    }

    private static Process? Start(CliContext context, string file, string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, WorkingDirectory = context.WorkingDirectory };
        start.Environment.Clear();
        foreach (var (name, value) in context.Environment)
            start.Environment[name] = value;
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception error)
        {
            context.Problem($"mlops: {LogText.Line(file, 200)} cannot be started: {error.Message}");
            return null;
        }
    }

    private static async Task EndAsync(CliContext context, Process process)
    {
        if (!OperatingSystem.IsWindows())
            _ = Signal(process.Id, Terminate);
        using var limit = new CancellationTokenSource(Grace, context.Time);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    // It waits at the end of a pipe that the kernel closes when this process is gone, however that came.
    private static Process? Guard(CliContext context, ForgeAddress address, CheckRun check)
    {
        if (Environment.ProcessPath is not { } program)
            return null;
        string[] self = Path.GetFileNameWithoutExtension(program) == "mlops" ? [] : [Path.Combine(AppContext.BaseDirectory, "mlops.dll")];
        string[] arguments =
        [
            .. self, "check", "guard", "--quiet", "--title", check.Name, "--commit-sha", check.HeadSha, "--repository", address.Repository,
            "--api-url", address.ApiUrl.AbsoluteUri, "--driver", address.Vendor,
        ];
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = context.WorkingDirectory };
        start.Environment.Clear();
        foreach (var (name, value) in context.Environment)
            start.Environment[name] = value;
        // Never on a command line, which others can read.
        if (address.Token is { } token)
            start.Environment["MLOPS_TOKEN"] = token;
        return Process.Start(start);
    }

    private static async Task DismissAsync(Process guard)
    {
        await guard.StandardInput.WriteLineAsync("done");
        guard.StandardInput.Close();
        await guard.WaitForExitAsync();
    }

    private static async Task<int> GuardAsync(CliContext context, ParseResult parsed)
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        if (await input.ReadLineAsync() is not null)
            return ExitCode.Ok;
        var settings = ForgeSettings.Of(context, parsed);
        using var forge = settings.Open();
        await forge.Checks.PutAsync(
            Check(settings, parsed) with { Status = CheckStatus.Completed, Conclusion = CheckConclusion.Failure, Title = "its process was killed before it could say how it ended" });
        return ExitCode.Ok;
    }

    private static CheckRun Check(ForgeSettings settings, ParseResult parsed) => new()
    {
        Name = parsed.GetRequiredValue(Title),
        HeadSha = settings.Commit(parsed.GetValue(CommitSha)),
        Status = CheckStatus.InProgress,
        Title = "in progress",
        DetailsUrl = settings.Job.RunUrl,
    };

    private static string Word(CheckConclusion conclusion, int code) => conclusion switch
    {
        CheckConclusion.Success => "success",
        CheckConclusion.Cancelled => "interrupted",
        _ => $"ended with exit code {code}",
    };

    private static Command Hide(this Command command)
    {
        command.Hidden = true;
        return command;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
