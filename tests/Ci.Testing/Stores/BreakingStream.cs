namespace Ci.Testing.Stores;

/// <summary>Fails after so many bytes, like a disk or a connection that goes away.</summary>
public sealed class BreakingStream(int after) : ForwardStream(Null)
{
    private int left = after;

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (this.left == 0)
            throw new IOException("the connection broke");
        var read = Math.Min(count, this.left);
        this.left -= read;
        return read;
    }
}
