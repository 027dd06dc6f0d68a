using System.Text.Json;
using Ci.EdgeAgent.Files;

namespace Ci.EdgeAgent.States;

/// <summary>The pointer's file: <c>current</c> in the model's folder.</summary>
internal sealed class PointerFile(IDeviceFiles files, string folder)
{
    private const int MaxBytes = 64 * 1024;

    private string FilePath => Path.Combine(folder, "current");

    /// <summary>What the file says; where it is lost or damaged, the journal's copy, and the damage in words. A disk that refuses throws.</summary>
    public (CurrentPointer Pointer, string? Damage) Read(CurrentPointer? remembered)
    {
        try
        {
            var pointer = DurableFile.Read(files, FilePath, MaxBytes) is { } bytes ? CurrentPointer.Parse(bytes) : CurrentPointer.None;
            return pointer.Sequence >= (remembered?.Sequence ?? 0)
                ? (pointer, null)
                : throw new InvalidDataException(pointer == CurrentPointer.None ? "it is gone" : $"its sequence floor fell from {remembered!.Sequence} to {pointer.Sequence}");
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            var otherwise = remembered is null ? "lets the device begin anew, without its sequence floor" : "goes on from the journal's copy";
            return (remembered ?? CurrentPointer.None, $"the pointer {FilePath} is damaged: {error.Message}; `edge-agent resume` {otherwise}");
        }
    }

    /// <summary>Returns when the pointer is on disk; before that, the old one holds.</summary>
    public void Replace(CurrentPointer pointer) => DurableFile.Replace(files, FilePath, pointer.ToBytes());

    public void Delete() => files.Delete(FilePath);
}
