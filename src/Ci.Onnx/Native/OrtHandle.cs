using System.Runtime.InteropServices;

namespace Ci.Onnx.Native;

/// <summary>
/// Owns one native object. Whoever uses the pointer takes a <see cref="Lease"/> first: disposal then waits for the last lease,
/// because ONNX Runtime's release functions do not wait for a running call.
/// </summary>
internal sealed unsafe class OrtHandle : SafeHandle
{
    private readonly delegate* unmanaged[Cdecl]<nint, void> release;

    public OrtHandle(nint value, delegate* unmanaged[Cdecl]<nint, void> release)
        : base(0, ownsHandle: true)
    {
        this.release = release;
        this.SetHandle(value);
    }

    public override bool IsInvalid => this.handle == 0;

    /// <summary>Keeps the object alive until the lease is disposed.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed already.</exception>
    public Lease Take() => new(this);

    protected override bool ReleaseHandle()
    {
        this.release(this.handle);
        return true;
    }

    internal readonly ref struct Lease
    {
        private readonly OrtHandle owner;

        public Lease(OrtHandle owner)
        {
            var taken = false;
            owner.DangerousAddRef(ref taken);
            this.owner = owner;
        }

        public nint Value => this.owner.handle;

        public void Dispose() => this.owner.DangerousRelease();
    }
}
