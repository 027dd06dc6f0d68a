namespace Ci.Testing.Device;

/// <summary>The errors of a real disk, with the words of the runtime.</summary>
public static class DeviceErrors
{
    public static IOException Full(string path) => new($"No space left on device : '{path}'", 28);

    public static IOException Broken(string path) => new($"Input/output error : '{path}'", 5);
}
