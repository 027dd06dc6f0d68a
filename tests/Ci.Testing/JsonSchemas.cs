using System.Diagnostics;

namespace Ci.Testing;

/// <summary>
/// Validates JSON documents against JSON Schemas (draft 2020-12) with ajv, the reference validator of the JavaScript world,
/// because no .NET validator can be had from the registries here. Needs Node and `build -- setup`.
/// </summary>
public static class JsonSchemas
{
    /// <summary>What is wrong with the document at a path; empty when it is valid.</summary>
    /// <param name="schema">Path of the schema.</param>
    /// <param name="document">Path of the document.</param>
    /// <param name="others">Paths of schemas that it refers to by $id.</param>
    public static string Problems(string schema, string document, params string[] others)
    {
        var start = new ProcessStartInfo("node", [RepositoryRoot.At("tests", "Ci.Testing", "validate.cjs"), schema, document, .. others])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["NODE_PATH"] = RepositoryRoot.At("build", "npm", "node_modules");
        using var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start");
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode is 0 or 1 ? output.Trim() : throw new InvalidOperationException($"the validator failed (run `dotnet run --project build -- setup` once): {error.Result}");
    }
}
