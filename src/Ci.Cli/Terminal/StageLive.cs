using System.Globalization;
using Ci.Pipelines;

namespace Ci.Cli.Terminal;

/// <summary>
/// While a person waits at a terminal: below all that is said, the stages that are running with the time they have taken, those that wait,
/// and how many are done. It appears only when something takes a moment, and leaves nothing behind.
/// </summary>
internal sealed class StageLive : IAsyncDisposable
{
    private const int MostRows = 8;
    private const string Dim = "\e[2m";
    private const string Plain = "\e[0m";

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    private readonly CliContext context;
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> waiting = new(StringComparer.Ordinal);
    private readonly HashSet<string> done = new(StringComparer.Ordinal);
    private readonly bool isOn;
    private readonly Func<int> width;
    private ITimer? timer;
    private long begun;
    private int total;
    private int rows;

    private StageLive(CliContext context, bool isOn, Func<int> width) => (this.context, this.isOn, this.width) = (context, isOn, width);

    /// <summary>Draws nothing when told so, or when nobody can see it.</summary>
    public static StageLive For(CliContext context, bool off) =>
        new(context, !off && context.IsInteractive && context.Variable("TERM") is not (null or "dumb"), () => Console.WindowWidth);

    /// <summary>For tests: a terminal of a given width.</summary>
    internal static StageLive Of(CliContext context, int width) => new(context, true, () => width);

    public void Begin(IReadOnlyList<string> plan)
    {
        if (!this.isOn)
            return;
        (this.total, this.begun) = (plan.Count, this.context.Time.GetTimestamp());
        this.timer = this.context.Time.CreateTimer(_ => this.Draw(), null, Moment, Tick);
    }

    public void Tell(ReproEvent happened)
    {
        if (!this.isOn)
            return;
        lock (this.gate)
        {
            switch (happened.Kind)
            {
                case ReproEventKind.Running:
                    this.running[happened.Stage] = this.context.Time.GetTimestamp();
                    this.waiting.Remove(happened.Stage);
                    break;
                case ReproEventKind.Waiting:
                    this.waiting[happened.Stage] = happened.Text;
                    break;
                case ReproEventKind.Unchanged or ReproEventKind.Reused or ReproEventKind.Ran or ReproEventKind.Failed or ReproEventKind.Skipped or ReproEventKind.DataUnchanged or ReproEventKind.Verified:
                    this.running.Remove(happened.Stage);
                    this.waiting.Remove(happened.Stage);
                    this.done.Add(happened.Stage);
                    break;
            }
        }
    }

    /// <summary>Says something that stays, above what is drawn.</summary>
    public void Print(Action say)
    {
        lock (this.gate)
        {
            var drawn = this.rows > 0;
            this.Erase();
            say();
            if (drawn)
                this.DrawRows();
        }
    }

    /// <summary>Takes away what is drawn, for good.</summary>
    public async Task EndAsync()
    {
        if (this.timer is null)
            return;
        await this.timer.DisposeAsync();
        this.timer = null;
        lock (this.gate)
            this.Erase();
    }

    public async ValueTask DisposeAsync() => await this.EndAsync();

    private void Draw()
    {
        lock (this.gate)
        {
            this.Erase();
            this.DrawRows();
        }
    }

    private void DrawRows()
    {
        var columns = Math.Max(20, this.width()) - 1;
        var texts = new List<string>();
        foreach (var (name, since) in this.running.OrderBy(r => r.Value).Take(MostRows))
            texts.Add($"  {name}  {Shown(this.context.Time.GetElapsedTime(since))}");
        if (this.running.Count > MostRows)
            texts.Add($"  and {(this.running.Count - MostRows).ToString(CultureInfo.InvariantCulture)} more");
        foreach (var (name, what) in this.waiting.OrderBy(w => w.Key, StringComparer.Ordinal).Take(MostRows))
            texts.Add($"  {name}  waits for {what}");
        texts.Add(string.Create(CultureInfo.InvariantCulture, $"{this.done.Count} of {this.total} done, {this.running.Count} running, {Shown(this.context.Time.GetElapsedTime(this.begun))}"));
        var dims = this.context.Variable("NO_COLOR") is null;
        foreach (var row in texts)
            this.context.Error.Write($"{(dims ? Dim : "")}{(row.Length > columns ? row[..(columns - 1)] + "…" : row)}{(dims ? Plain : "")}\n");
        this.rows = texts.Count;
    }

    private void Erase()
    {
        if (this.rows > 0)
            this.context.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\e[{this.rows}A\e[J"));
        this.rows = 0;
    }

    private static string Shown(TimeSpan elapsed) => elapsed.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)elapsed.TotalHours}:{elapsed.Minutes:00}:{elapsed.Seconds:00} h")
        : elapsed.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{elapsed.Minutes}:{elapsed.Seconds:00} min") : string.Create(CultureInfo.InvariantCulture, $"{elapsed.Seconds} s");
}
