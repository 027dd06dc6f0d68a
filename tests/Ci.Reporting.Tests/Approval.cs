using System.Runtime.CompilerServices;

namespace Ci.Reporting.Tests;

/// <summary>
/// Compares rendered text with the approved file of that name. Where they differ, what came out is left beside it as
/// <c>*.received.*</c>: look at it, and move it over the approved file if it is right.
/// </summary>
internal static class Approval
{
    public static void Verify(string name, string text, [CallerFilePath] string here = "")
    {
        var folder = Path.Combine(Path.GetDirectoryName(here)!, "Approved");
        var approved = Path.Combine(folder, name);
        var received = Path.Combine(folder, Path.GetFileNameWithoutExtension(name) + ".received" + Path.GetExtension(name));
        var expected = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : null;
        if (expected == text)
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(received, text);
        Assert.Fail($"{name} is not as approved: compare {received} with {approved} and move it over if it is right");
    }
}
