using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ci.Data;

/// <summary>A folder as DVC stores it: every file's digest and path below the folder, in one JSON object named by its own MD5.</summary>
public sealed class DirectoryListing
{
    private const int MaxBytes = 512 << 20;

    private DirectoryListing(IReadOnlyList<(string Path, string Md5)> files, byte[] bytes)
    {
        this.Files = files;
        this.Bytes = bytes;
#pragma warning disable CA5351 // DVC's format
        this.Md5 = Convert.ToHexStringLower(MD5.HashData(bytes)) + Digest.FolderSuffix;
#pragma warning restore CA5351
    }

    /// <summary>Paths below the folder with '/', in order of their code points.</summary>
    public IReadOnlyList<(string Path, string Md5)> Files { get; }

    /// <summary>As Python's <c>json.dumps</c> writes it.</summary>
    public byte[] Bytes { get; }

    public string Md5 { get; }

    public static DirectoryListing Of(IEnumerable<(string Path, string Md5)> files)
    {
        var sorted = files.OrderBy(f => f.Path, PythonText.Order).ToList();
        var list = sorted.Select(object? (f) => new OrderedDictionary<string, object?>(StringComparer.Ordinal) { ["md5"] = f.Md5, ["relpath"] = f.Path }).ToList();
        return new DirectoryListing(sorted, Encoding.ASCII.GetBytes(PythonText.Json(list)));
    }

    /// <summary>Reads a stored listing; a path that leaves the folder is refused.</summary>
    public static DirectoryListing Read(byte[] bytes, string name)
    {
        if (bytes.Length > MaxBytes)
            throw new CorruptDataException($"the folder listing {name} is larger than {MaxBytes >> 20} MiB");
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var files = new List<(string, string)>();
            foreach (var item in json.RootElement.EnumerateArray())
            {
                var path = item.GetProperty("relpath").GetString() ?? "";
                var md5 = item.GetProperty("md5").GetString() ?? "";
                if (!Digest.IsValid(md5) || path.Contains('\0', StringComparison.Ordinal) || path.Split('/').Any(part => part is "" or "." or ".."))
                    throw new CorruptDataException($"the folder listing {name} holds `{path}`, which is not a path below a folder");
                files.Add((path, md5));
            }

            return new DirectoryListing(files, bytes);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new CorruptDataException($"the folder listing {name} is damaged: {error.Message}");
        }
    }
}
