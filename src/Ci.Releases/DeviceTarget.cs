namespace Ci.Releases;

/// <summary>For which devices a release was made, and until when it may be installed.</summary>
public sealed record DeviceTarget
{
    /// <summary>The classes of devices that may run it; empty: any.</summary>
    public IReadOnlyList<string> Classes { get; init => field = Absent.Or(value); } = [];

    /// <summary>The newest ONNX Runtime that it was tried with, such as <c>1.24</c>; null when any newer one may serve it.</summary>
    public string? MostRuntime { get; init; }

    /// <summary>No device installs it after this; one that serves it already goes on. Null: never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Whether a device of this class (null: of none) may run it.</summary>
    public bool Fits(string? deviceClass) => Classes.Count == 0 || (deviceClass is not null && Classes.Contains(deviceClass, StringComparer.Ordinal));

    /// <summary>Whether an ONNX Runtime of this version is not newer; <c>1.24</c> stands for every 1.24.x.</summary>
    public bool RunsOn(string runtimeVersion)
    {
        if (MostRuntime is null)
            return true;
        if (!Version.TryParse(runtimeVersion, out var have) || !Version.TryParse(MostRuntime, out var most))
            return false;
        return (have.Major, have.Minor).CompareTo((most.Major, most.Minor)) < 0
            || (have.Major == most.Major && have.Minor == most.Minor && (most.Build < 0 || have.Build <= most.Build));
    }

    internal string? Problem() =>
        Classes.Count > 64 || !Classes.All(Names.IsDeviceName) ? "target.classes holds more than 64 names, or one that is none"
        : MostRuntime is not null && !Version.TryParse(MostRuntime, out _) ? "target.mostRuntime is not a version such as 1.24"
        : null;
}
