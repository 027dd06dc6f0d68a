using System.Collections.Concurrent;
using Ci.Data.Files;

namespace Ci.Pipelines.Parameters;

/// <summary>Files of parameters, parsed once as long as they stay what they are: hundreds of stages name the same few. For many threads.</summary>
internal sealed class ParameterCache(FileStates states)
{
    private readonly ConcurrentDictionary<string, (FileStamp Stamp, object? Values)> known = new(StringComparer.Ordinal);

    /// <summary>As <see cref="ParameterFile.Read"/>; the values are shared and must not be changed.</summary>
    public object? Read(string file, string shown)
    {
        var stamp = FileStamp.Of(file);
        if (stamp is not null && this.known.TryGetValue(file, out var entry) && entry.Stamp == stamp)
            return entry.Values;
        var values = ParameterFile.Read(file, shown);
        // A file written again within one tick of the file system's clock keeps its stamp.
        if (stamp is { } seen && states.IsSettled(seen))
            this.known[file] = (seen, values);
        return values;
    }
}
