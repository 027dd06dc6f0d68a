using System.Globalization;
using System.Text;
using Ci.Data;

namespace Ci.Pipelines.Scheduling;

/// <summary>
/// The log of one run of a stage, bounded: the beginning is written as it comes; of what goes beyond that, the end is kept and written
/// when the run is over.
/// </summary>
internal sealed class StageLog : IDisposable
{
    private const int HeadCharacters = 4 << 20;
    private const int TailCharacters = 1 << 20;
    private const int ShownLines = 20;
    private const int ShownCharacters = 500;

    private readonly Lock gate = new();
    private readonly StreamWriter? file;
    private readonly Queue<string> tail = new();
    private readonly Queue<string> last = new();
    private long written;
    private long kept;
    private long left;
    private bool closed;

    public StageLog(string path, Project project, Stage stage, DateTimeOffset now)
    {
        this.Shown = project.Shown(path);
        try
        {
            this.file = new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1), new UTF8Encoding(false), 1 << 13) { AutoFlush = true };
            this.file.Write($"# stage {stage.Address}, begun {now.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\n");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A log that cannot be written must not keep the stage from running; its last lines are still shown.
        }
    }

    /// <summary>Its path from the project's root.</summary>
    public string Shown { get; }

    /// <summary>The last lines that commands wrote, at most 20, long ones cut.</summary>
    public IReadOnlyList<string> LastLines
    {
        get
        {
            lock (this.gate)
                return [.. this.last];
        }
    }

    /// <summary>A command that begins or what became of it; stands out by <c>#</c>.</summary>
    public void Note(string text) => this.Write("# " + text.Replace("\n", "\n# ", StringComparison.Ordinal));

    /// <summary>A line that a command wrote.</summary>
    public void Line(string text)
    {
        lock (this.gate)
        {
            if (this.last.Count == ShownLines)
                this.last.Dequeue();
            this.last.Enqueue(text.Length > ShownCharacters ? text[..ShownCharacters] + "…" : text);
        }

        this.Write(text);
    }

    public void Dispose()
    {
        lock (this.gate)
        {
            if (this.file is null || this.closed)
                return;
            this.closed = true;
            try
            {
                if (this.left > 0)
                    this.file.Write(string.Create(CultureInfo.InvariantCulture, $"# {this.left} lines are left out here\n"));
                foreach (var text in this.tail)
                    this.file.Write(text + "\n");
                this.file.Dispose();
            }
            catch (IOException)
            {
                // A full disk takes the log, not the run.
            }
        }
    }

    private void Write(string text)
    {
        lock (this.gate)
        {
            // A child that was left in the background may still be writing.
            if (this.closed)
                return;
            if (this.written < HeadCharacters)
            {
                this.written += text.Length + 1;
                this.TryWrite(text);
                return;
            }

            this.tail.Enqueue(text);
            for (this.kept += text.Length + 1; this.kept > TailCharacters; this.left++)
                this.kept -= this.tail.Dequeue().Length + 1;
        }
    }

    private void TryWrite(string text)
    {
        try
        {
            this.file?.Write(text + "\n");
        }
        catch (IOException)
        {
            // A full disk takes the log, not the run.
        }
    }
}
