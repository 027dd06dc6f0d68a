namespace Ci.EdgeAgent.Sources;

/// <summary>
/// Captive portals, proxies and default pages of web servers answer anything with a page of their own and status 200, and some say
/// <c>application/octet-stream</c>: the bytes tell.
/// </summary>
internal static class WebPage
{
    private static readonly string[] Beginnings = ["<!doctype", "<html", "<head", "<body", "<script", "<!--", "<meta", "<?xml"];

    /// <summary>Whether bytes begin like a page; no ONNX file, archive or JSON document does.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        bytes = bytes.TrimStart(" \t\r\n"u8);
        foreach (var beginning in Beginnings)
        {
            if (bytes.Length >= beginning.Length && System.Text.Ascii.EqualsIgnoreCase(bytes[..beginning.Length], beginning))
                return true;
        }

        return false;
    }

    public static string Words(string what, string where) =>
        $"{where} answered with a web page instead of {what}: a captive portal or a proxy stands between; log in to that network, or check the address";
}
