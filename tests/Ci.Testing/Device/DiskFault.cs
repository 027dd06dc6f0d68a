namespace Ci.Testing.Device;

/// <summary>What goes wrong at one operation.</summary>
public abstract record DiskFault
{
    private DiskFault()
    {
    }

    /// <summary>The process or the power ends here; <see cref="DeviceDisk.AfterCut(CutKind, int)"/> is what is left.</summary>
    public sealed record Cut(CutKind Kind) : DiskFault;

    /// <summary>The operation fails and the program goes on.</summary>
    /// <param name="IsFull">No space left on the device; else an input/output error.</param>
    /// <param name="Halfway">After half of the bytes.</param>
    public sealed record Error(bool IsFull, bool Halfway) : DiskFault
    {
        public IOException Of(string path) => IsFull ? DeviceErrors.Full(path) : DeviceErrors.Broken(path);
    }
}
