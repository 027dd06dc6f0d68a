using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace Ci.Build.Image;

/// <summary>What an image weighs: as it travels, and as it lies unpacked.</summary>
internal sealed record ImageSize(string Digest, IReadOnlyList<LayerSize> Layers)
{
    // What may come in by Debian's updates before somebody has to look.
    private const double Tolerance = 1.10;

    public double Compressed => this.Layers.Sum(layer => layer.Compressed) / 1048576.0;

    public double Unpacked => this.Layers.Sum(layer => layer.Unpacked) / 1048576.0;

    /// <summary>Reads an image in the OCI layout (a folder), blob by blob.</summary>
    public static async Task<ImageSize> OfAsync(string layout, CancellationToken cancellation)
    {
        using var index = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(layout, "index.json"), cancellation));
        var digest = index.RootElement.GetProperty("manifests")[0].GetProperty("digest").GetString()!;
        using var manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(Blob(layout, digest), cancellation));
        using var configuration = JsonDocument.Parse(await File.ReadAllBytesAsync(Blob(layout, manifest.RootElement.GetProperty("config").GetProperty("digest").GetString()!), cancellation));
        var steps = configuration.RootElement.GetProperty("history").EnumerateArray()
            .Where(step => !(step.TryGetProperty("empty_layer", out var empty) && empty.GetBoolean()))
            .Select(step => step.TryGetProperty("created_by", out var by) ? by.GetString() ?? "" : "").ToList();
        var layers = new List<LayerSize>();
        foreach (var layer in manifest.RootElement.GetProperty("layers").EnumerateArray())
        {
            var step = layers.Count < steps.Count ? steps[layers.Count] : "";
            var blob = layer.GetProperty("digest").GetString()!;
            layers.Add(new LayerSize(blob, NameOf(step, first: layers.Count == 0), layer.GetProperty("size").GetInt64(), await UnpackedAsync(Blob(layout, blob), cancellation)));
        }

        return new ImageSize(digest, layers);
    }

    /// <summary>The table that the build prints and the guide shows.</summary>
    public IEnumerable<string> Table() =>
    [
        .. this.Layers.Select(layer => Line(layer.Name, layer.Compressed / 1048576.0, layer.Unpacked / 1048576.0)),
        Line("together", this.Compressed, this.Unpacked),
    ];

    /// <summary>What is too large; empty where nothing is.</summary>
    public string? Excess(double goal) => this.Compressed <= goal * Tolerance ? null : string.Create(CultureInfo.InvariantCulture,
        $"the image has grown: {this.Compressed:F1} MiB compressed, and the goal is {goal:F1} (10 % more is borne). The table above says which layer; if it is worth it, change the goal in action/size-goals.json");

    private static string Line(string name, double compressed, double unpacked) => string.Create(CultureInfo.InvariantCulture, $"  {name,-52} {compressed,7:F1} {unpacked,8:F1}");

    private static string Blob(string layout, string digest) => Path.Combine(layout, "blobs", digest.Replace(':', Path.DirectorySeparatorChar));

    private static string NameOf(string step, bool first) =>
        step.Contains("libonnxruntime", StringComparison.Ordinal) ? "ONNX Runtime"
        : step.Contains("templates", StringComparison.Ordinal) ? "project templates"
        : step.Contains("mlops/mlops", StringComparison.Ordinal) ? "mlops"
        : first ? "Debian: libraries, git, librsvg, a font"
        : "Node.js";

    private static async Task<long> UnpackedAsync(string blob, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(blob);
        await using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        var buffer = new byte[1 << 16];
        long total = 0;
        while (await unpacked.ReadAsync(buffer, cancellation) is > 0 and var read)
            total += read;
        return total;
    }
}
