namespace Ci.Storage.AzureBlobs;

/// <summary>A storage account's connection string: <c>AccountName=…;AccountKey=…</c>.</summary>
internal sealed record AzureConnectionString(string? Account, string? Key, string? Sas, string? BlobEndpoint, string? EndpointSuffix)
{
    // The emulator's well-known account; it opens nothing but emulators.
    private const string EmulatorAccount = "devstoreaccount1";
    private const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>Reads one; its parts may stand in any order.</summary>
    /// <exception cref="StorageRefusedException">A part has no <c>=</c>. The text is a secret and is not repeated.</exception>
    public static AzureConnectionString Read(string text, string where)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new StorageRefusedException($"{where}: the connection string is damaged: parts are `Key=Value`, parted by `;`");
            parts[part[..equals]] = part[(equals + 1)..];
        }

        if (parts.GetValueOrDefault("UseDevelopmentStorage") is "true")
            return new(EmulatorAccount, EmulatorKey, null, $"http://127.0.0.1:10000/{EmulatorAccount}", null);
        return new(parts.GetValueOrDefault("AccountName"), parts.GetValueOrDefault("AccountKey"), parts.GetValueOrDefault("SharedAccessSignature"), parts.GetValueOrDefault("BlobEndpoint"), parts.GetValueOrDefault("EndpointSuffix"));
    }
}
