using System.Security.Cryptography;
using System.Text;
using Ci.Statistics;

namespace Ci.Evaluation;

/// <summary>A CSV file, plain or gzip-compressed, with the digest of the bytes that were read.</summary>
internal sealed record DataFile(string Path, string Sha256, Table Table)
{
    /// <summary>Reads the file once: what is hashed is what is parsed.</summary>
    public static DataFile Read(string shown, string fullPath)
    {
        var bytes = ReadBytes(shown, fullPath);
        return new DataFile(Shown(shown), Digest(bytes), Parse(bytes, shown));
    }

    public static Table Parse(byte[] bytes, string shown)
    {
        try
        {
            using var memory = new MemoryStream(bytes, writable: false);
            using Stream plain = IsGzip(bytes) ? new WholeGzip(memory) : memory;
            using var reader = new StreamReader(plain, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false, 1 << 16);
            return Table.ReadCsv(reader, shown);
        }
        catch (DecoderFallbackException error)
        {
            throw new TableException($"{shown}: it is not UTF-8 text; save it as UTF-8", error);
        }
        catch (InvalidDataException error)
        {
            throw new TableException($"{shown}: the gzip data is damaged ({error.Message}); fetch or write the file again", error);
        }
    }

    public static byte[] ReadBytes(string shown, string fullPath)
    {
        try
        {
            return File.ReadAllBytes(fullPath);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EvaluationException($"{shown}: there is no such file", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{shown}: it cannot be read: {error.Message}", error);
        }
    }

    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Size and digest of a file that may be larger than memory.</summary>
    public static ExternalFile Describe(string shown, string fullPath)
    {
        try
        {
            using var file = File.OpenRead(fullPath);
            return new ExternalFile(shown, Convert.ToHexStringLower(SHA256.HashData(file)), file.Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{shown}: it cannot be read: {error.Message}", error);
        }
    }

    /// <summary>A path as documents show it.</summary>
    public static string Shown(string path) => path.Replace('\\', '/');

    private static bool IsGzip(byte[] bytes) => bytes is [0x1f, 0x8b, ..];
}
