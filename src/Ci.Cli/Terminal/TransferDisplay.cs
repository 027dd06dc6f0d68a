using System.Globalization;
using Ci.Data;
using Spectre.Console;

namespace Ci.Cli.Terminal;

/// <summary>
/// Shows how far a transfer is, on standard error and only once a person has been waiting for a while: a bar on a terminal, else a line
/// now and then, as a log wants it.
/// </summary>
internal static class TransferDisplay
{
    private static readonly TimeSpan Unnoticed = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(15);

    public static async Task<T> ShowAsync<T>(CliContext context, string doing, TransferProgress progress, bool quiet, Func<Task<T>> transfer)
    {
        var work = transfer();
        if (quiet || await Task.WhenAny(work, Task.Delay(Unnoticed, context.Time)) == work)
            return await work;
        if (context.IsInteractive)
            await BarAsync(context, doing, progress, work);
        else
            await LinesAsync(context, doing, progress, work);
        return await work;
    }

    /// <summary><c>12 of 100 files, 3.4 of 20.0 MiB</c>.</summary>
    internal static string Text(TransferProgress progress)
    {
        var files = progress.ExpectedFiles > progress.Files ? $"{progress.Files} of {progress.ExpectedFiles} files" : $"{progress.Files} files";
        return $"{files}, {(progress.ExpectedBytes > progress.Bytes ? $"{Size(progress.Bytes)} of {Size(progress.ExpectedBytes)}" : Size(progress.Bytes))}";
    }

    private static async Task BarAsync(CliContext context, string doing, TransferProgress progress, Task work)
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error), Interactive = InteractionSupport.Yes };
        if (context.Variable("NO_COLOR") is not null)
            settings.ColorSystem = ColorSystemSupport.NoColors;
        await AnsiConsole.Create(settings).Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async display =>
            {
                var bar = display.AddTask(doing, maxValue: 1);
                while (await Task.WhenAny(work, Task.Delay(Refresh, context.Time)) != work)
                {
                    // What is still to come turns up as it goes: the bar never runs over.
                    bar.MaxValue = Math.Max(1, Math.Max(progress.ExpectedBytes, progress.Bytes));
                    bar.Value = progress.Bytes;
                    bar.IsIndeterminate = progress.ExpectedBytes == 0;
                    bar.Description = $"{doing} {Markup.Escape(Text(progress))}";
                }

                bar.Value = bar.MaxValue;
            });
    }

    private static async Task LinesAsync(CliContext context, string doing, TransferProgress progress, Task work)
    {
        while (await Task.WhenAny(work, Task.Delay(LineEvery, context.Time)) != work)
            context.Note($"{doing}: {Text(progress)}");
    }

    private static string Size(long bytes) => bytes switch
    {
        < 1 << 10 => $"{bytes} B",
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.00} GiB"),
    };
}
