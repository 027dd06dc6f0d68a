using System.Diagnostics;

namespace Ci.EdgeAgent.Isolation;

internal static class ProcessMemory
{
    /// <summary>The most resident memory that this process ever held.</summary>
    public static long PeakBytes()
    {
        using var self = Process.GetCurrentProcess();
        return self.PeakWorkingSet64;
    }
}
