using System.Runtime.InteropServices;

namespace Ci.Onnx.Native;

/// <summary>
/// Owns one native object. Whoever uses the pointer takes a <see cref="Lease"/> first: disposal then waits for the last lease,
/// because ONNX Runtime's release functions do not wait for a running call.
/// </summary>
internal sealed unsafe class OrtHandle : SafeHandle
{
    private static int live;

    private readonly delegate* unmanaged[Cdecl]<nint, void> release;
    private volatile bool disposed;

    public OrtHandle(nint value, delegate* unmanaged[Cdecl]<nint, void> release)
        : base(0, ownsHandle: true)
    {
        this.release = release;
        this.SetHandle(value);
        Interlocked.Increment(ref live);
    }

    /// <summary>Native objects that are owned and not yet released, in the whole process: a leak shows here.</summary>
    public static int Live => Volatile.Read(ref live);

    public override bool IsInvalid => this.handle == 0;

    /// <summary>Keeps the object alive until the lease is disposed.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed already.</exception>
    public Lease Take() => new(this);

    /// <summary>A lease without a scope; end it by <see cref="SafeHandle.DangerousRelease"/>.</summary>
    public void AddReference()
    {
        // A SafeHandle itself takes new references until the old ones end: under steady calls it would never close.
        ObjectDisposedException.ThrowIf(this.disposed, this);
        var taken = false;
        this.DangerousAddRef(ref taken);
    }

    protected override void Dispose(bool disposing)
    {
        this.disposed = true;
        base.Dispose(disposing);
    }

    protected override bool ReleaseHandle()
    {
        this.release(this.handle);
        Interlocked.Decrement(ref live);
        return true;
    }

    internal readonly ref struct Lease
    {
        private readonly OrtHandle owner;

        public Lease(OrtHandle owner)
        {
            owner.AddReference();
            this.owner = owner;
        }

        public nint Value => this.owner.handle;

        public void Dispose() => this.owner.DangerousRelease();
    }
}
