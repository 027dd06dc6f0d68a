using System.Runtime.InteropServices;

namespace Ci.Onnx.Native;

/// <summary>Owns a native binding with its values and run options, and keeps its session alive.</summary>
internal sealed unsafe class BindingHandle : SafeHandle
{
    private readonly OrtApi api;
    private readonly OrtHandle session;
    private readonly OrtHandle runOptions;
    private readonly nint[] values;
    private readonly Utf8 names;
    private readonly nint nativeSession;
    private readonly nint nativeRunOptions;

    /// <summary>Binds nothing yet.</summary>
    /// <param name="owner">The session.</param>
    /// <param name="shared">Run options of someone who wants to end runs; null: own ones.</param>
    public BindingHandle(OnnxSession owner, OrtHandle? shared = null)
        : base(0, ownsHandle: true)
    {
        this.api = owner.Runtime.Api;
        this.values = new nint[owner.Inputs.Count + owner.Outputs.Count];
        this.session = owner.Handle;
        this.runOptions = shared ?? RunSettings.Create(owner.Runtime, owner.Options);
        this.runOptions.AddReference();
        if (shared is null)
            this.runOptions.Dispose(); // Lives as long as the reference.
        this.names = new Utf8([.. owner.Inputs.Select(i => i.Name), .. owner.Outputs.Select(o => o.Name)]);
        try
        {
            this.session.AddReference();
        }
        catch
        {
            this.runOptions.DangerousRelease();
            this.names.Dispose();
            throw;
        }

        this.nativeSession = this.session.DangerousGetHandle();
        this.nativeRunOptions = this.runOptions.DangerousGetHandle();
        nint made;
        var status = this.api.CreateIoBinding(this.nativeSession, &made);
        if (status != 0)
        {
            this.session.DangerousRelease();
            this.runOptions.DangerousRelease();
            this.names.Dispose();
        }

        this.api.Check(status, $"binding {owner.Name}");
        this.SetHandle(made);
    }

    public override bool IsInvalid => this.handle == 0;

    /// <summary>One call; the status is ONNX Runtime's.</summary>
    public nint Run() => this.api.RunWithBinding(this.nativeSession, this.nativeRunOptions, this.handle);

    /// <summary>Binds memory that the caller keeps pinned; a value bound before in this place is released.</summary>
    public void Bind(OnnxRuntime runtime, int index, bool isInput, BindingBuffer buffer)
    {
        nint made;
        fixed (long* shape = buffer.Shape)
        {
            this.api.Check(
                this.api.CreateTensorWithData(
                    runtime.CpuMemory, buffer.Pointer, (nuint)buffer.Bytes, shape, (nuint)buffer.Shape.Length, (int)buffer.Type, &made),
                "binding a tensor");
        }

        var name = this.names[index];
        var status = isInput ? this.api.BindInput(this.handle, name, made) : this.api.BindOutput(this.handle, name, made);
        if (status != 0)
            this.api.ReleaseValue(made);
        this.api.Check(status, "binding a tensor");

        // The binding shares ownership of its values, so the one before may go only now.
        this.api.ReleaseValue(this.values[index]);
        this.values[index] = made;
    }

    protected override bool ReleaseHandle()
    {
        this.api.ReleaseIoBinding(this.handle);
        foreach (var value in this.values)
            this.api.ReleaseValue(value);
        this.names.Dispose();
        this.runOptions.DangerousRelease();
        this.session.DangerousRelease();
        return true;
    }
}
