using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Ci.Evaluation;

/// <summary>Reads another stream in the background, a few blocks ahead of its reader. What goes wrong there is thrown here.</summary>
internal sealed class ReadAheadStream : Stream
{
    private const int BlockSize = 1 << 18;
    private const int Blocks = 4;

    private readonly BlockingCollection<(byte[] Bytes, int Count)> full = new(Blocks);
    private readonly BlockingCollection<byte[]> empty = new(Blocks + 2);
    private readonly CancellationTokenSource stop = new();
    private readonly Task reader;
    private ExceptionDispatchInfo? problem;
    private (byte[] Bytes, int Count) current = ([], 0);
    private int at;

    public ReadAheadStream(Stream inner)
    {
        for (var i = 0; i < Blocks + 1; i++)
            this.empty.Add(new byte[BlockSize]);
        this.reader = Task.Factory.StartNew(() => this.Fill(inner), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (this.at == this.current.Count && !this.Next())
            return 0;
        var count = Math.Min(buffer.Length, this.current.Count - this.at);
        this.current.Bytes.AsSpan(this.at, count).CopyTo(buffer);
        this.at += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => this.Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Stops the background reading and waits for it, so that the inner stream is nobody else's.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !this.stop.IsCancellationRequested)
        {
            this.stop.Cancel();
            this.reader.Wait(CancellationToken.None);
            this.stop.Dispose();
            this.full.Dispose();
            this.empty.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Next()
    {
        if (this.current.Bytes.Length > 0)
            this.empty.Add(this.current.Bytes);
        this.at = 0;
        if (this.full.TryTake(out this.current, Timeout.Infinite))
            return true;
        this.current = ([], 0);
        this.problem?.Throw();
        return false;
    }

#pragma warning disable CA1031 // Whatever it is, it belongs to the reader on the other side.
    private void Fill(Stream inner)
    {
        try
        {
            while (true)
            {
                var block = this.empty.Take(this.stop.Token);
                var count = inner.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
                if (count == 0)
                    break;
                this.full.Add((block, count), this.stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody reads on.
        }
        catch (Exception error)
        {
            this.problem = ExceptionDispatchInfo.Capture(error);
        }
        finally
        {
            this.full.CompleteAdding();
        }
    }
#pragma warning restore CA1031
}
