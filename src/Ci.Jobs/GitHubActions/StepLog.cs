using System.Text;

namespace Ci.Jobs.GitHubActions;

/// <summary>
/// The log of a step in which other people's programs write, too. Between <see cref="Begin"/> and <see cref="End"/> the runner obeys
/// no workflow command, whoever prints it, except ours: they lift the stop by a word that no program of the step ever sees.
/// </summary>
/// <param name="inner">The step's one stream; a second one could overtake it.</param>
/// <param name="word">What lifts the stop: random, new for each step.</param>
/// <param name="obeyed">Whether a runner reads workflow commands here; else nothing but text is written.</param>
public sealed class StepLog(TextWriter inner, string word, bool obeyed) : TextWriter
{
    private const string ProblemStart = "mlops";
    private const string Separator = ": ";
    private const int MostLine = 2000;

    private readonly Lock gate = new();
    private readonly StringBuilder line = new();
    private bool stopped;

    public override Encoding Encoding => inner.Encoding;

    /// <summary>The last thing that we said went wrong, without our name; null where nothing did since <see cref="Begin"/>.</summary>
    public string? LastProblem { get; private set; }

    /// <summary>The runner shows stars wherever the secret would stand.</summary>
    public void Mask(string secret)
    {
        foreach (var part in secret.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            this.Obey(WorkflowCommand.Mask(part));
    }

    /// <summary>From here on a command line of the step writes.</summary>
    public void Begin(string title)
    {
        this.LastProblem = null;
        this.Obey(WorkflowCommand.Group(title));
        this.Obey($"::stop-commands::{word}");
        this.stopped = true;
    }

    /// <summary>The command line has ended.</summary>
    public void End()
    {
        lock (this.gate)
        {
            this.EndLine();
            if (this.stopped && obeyed)
                inner.Write($"::{word}::\n");
            this.stopped = false;
        }

        this.Obey("::endgroup::");
    }

    /// <summary>Shows what went wrong where the runner lists the run's problems.</summary>
    public void Annotate(AnnotationLevel level, string title, string message) => this.Obey(WorkflowCommand.Annotation(level, null, null, title, message));

    public override void Write(char value) => this.Write([value]);

    public override void Write(char[] buffer, int index, int count) => this.Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => this.Write(value.AsSpan());

    public override void WriteLine(string? value) => this.Write($"{value}\n");

    public override void WriteLine() => this.Write('\n');

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (this.gate)
        {
            inner.Write(buffer);
            this.Follow(buffer);
        }
    }

    /// <summary>Writes a workflow command of ours; the runner obeys it.</summary>
    internal void Obey(string command)
    {
        if (!obeyed)
            return;
        lock (this.gate)
        {
            this.EndLine();
            inner.Write(this.stopped ? $"::{word}::\n{command}\n::stop-commands::{word}\n" : $"{command}\n");
        }
    }

    // A command counts at the start of a line only.
    private void EndLine()
    {
        if (this.line.Length > 0)
            inner.Write('\n');
        this.line.Clear();
    }

    private void Follow(ReadOnlySpan<char> text)
    {
        while (text.IndexOf('\n') is >= 0 and var end)
        {
            this.Keep(text[..end]);
            // `mlops: what`, and of a command line that does not fit `mlops verb: what`.
            if (this.line.ToString() is var whole && whole.StartsWith(ProblemStart, StringComparison.Ordinal) && whole.IndexOf(Separator, StringComparison.Ordinal) is > 0 and var at)
                this.LastProblem = whole[(at + Separator.Length)..];
            this.line.Clear();
            text = text[(end + 1)..];
        }

        this.Keep(text);
    }

    private void Keep(ReadOnlySpan<char> text) => this.line.Append(text[..Math.Min(text.Length, Math.Max(0, MostLine - this.line.Length))]);
}
