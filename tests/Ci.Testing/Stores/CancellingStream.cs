namespace Ci.Testing.Stores;

/// <summary>Cancels the work that reads it after so many bytes, and would go on for ever.</summary>
public sealed class CancellingStream(CancellationTokenSource stop, int after) : ForwardStream(Null)
{
    private int left = after;

    public override int Read(byte[] buffer, int offset, int count)
    {
        this.left -= count;
        if (this.left <= 0)
            stop.Cancel();
        return count;
    }
}
