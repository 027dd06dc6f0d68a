using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Ci.Testing.Forge;

/// <summary>Git's own CGI program behind one HTTP request: clones, fetches and pushes are real.</summary>
internal static class GitHttpBackend
{
    /// <param name="context">The request; its path is /OWNER/NAME.git/….</param>
    /// <param name="root">The folder above OWNER.</param>
    /// <param name="pathInfo">The path with ".git" in it, whether or not the client wrote it.</param>
    /// <param name="login">Who pushes; null allows reading alone.</param>
    /// <param name="refused">Branches that a push may not move.</param>
    public static async Task ServeAsync(HttpContext context, string root, string pathInfo, string? login, IEnumerable<string> refused)
    {
        var request = context.Request;
        var variables = new Dictionary<string, string>
        {
            ["GIT_PROJECT_ROOT"] = root,
            ["GIT_HTTP_EXPORT_ALL"] = "1",
            ["PATH_INFO"] = pathInfo,
            ["QUERY_STRING"] = request.QueryString.Value?.TrimStart('?') ?? "",
            ["REQUEST_METHOD"] = request.Method,
            ["CONTENT_TYPE"] = request.ContentType ?? "",
            ["REMOTE_ADDR"] = "127.0.0.1",
            ["GIT_COMMITTER_NAME"] = login ?? "anonymous",
            ["GIT_COMMITTER_EMAIL"] = $"{login ?? "anonymous"}@users.noreply.forge.test",
            ["FORGE_REFUSED_REFS"] = string.Join(' ', refused.Select(b => $"refs/heads/{b}")),
            ["GIT_CONFIG_COUNT"] = "1",
            ["GIT_CONFIG_KEY_0"] = "safe.directory",
            ["GIT_CONFIG_VALUE_0"] = "*",
        };
        if (login is not null)
            variables["REMOTE_USER"] = login;
        // A chunked request has no length: the program then reads to the end of its input.
        if (request.ContentLength is { } length)
            variables["CONTENT_LENGTH"] = length.ToString(CultureInfo.InvariantCulture);
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding)
            variables["HTTP_CONTENT_ENCODING"] = encoding;
        if (request.Headers["Git-Protocol"].ToString() is { Length: > 0 } protocol)
            variables["GIT_PROTOCOL"] = protocol;

        var start = GitProcess.StartInfo(root, variables);
        start.ArgumentList.Add("http-backend");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var feeding = FeedAsync(request.Body, process, context.RequestAborted);
        await AnswerAsync(process.StandardOutput.BaseStream, context.Response);
        await process.WaitForExitAsync();
        await feeding;
        await errors;
    }

    private static async Task FeedAsync(Stream body, Process process, CancellationToken ct)
    {
        try
        {
            await body.CopyToAsync(process.StandardInput.BaseStream, ct);
        }
        catch (IOException)
        {
            // The program refused early and closed its input: its answer says why.
        }
        finally
        {
            process.StandardInput.Close();
        }
    }

    private static async Task AnswerAsync(Stream output, HttpResponse response)
    {
        while (await ReadLineAsync(output) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = (line[..colon], line[(colon + 1)..].Trim());
            if (name.Equals("Status", StringComparison.OrdinalIgnoreCase))
                response.StatusCode = int.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture);
            else
                response.Headers[name] = value;
        }

        await output.CopyToAsync(response.Body);
    }

    private static async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
                return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }

        return line.Length == 0 ? null : line.ToString();
    }
}
