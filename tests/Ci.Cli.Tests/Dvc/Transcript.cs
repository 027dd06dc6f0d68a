namespace Ci.Cli.Tests.Dvc;

/// <summary>What the real DVC was asked and what it answered, as the fixtures keep it.</summary>
internal static class Transcript
{
    /// <summary>The commands of a case in order; numbers count them from 0.</summary>
    public static IReadOnlyList<Asked> Read(string file)
    {
        var all = new List<Asked>();
        var lines = File.ReadAllLines(file);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] == "## dvc.yaml:")
                all.Add(new Asked(true, Block(lines, ref i)) { IsPipeline = true });
            else if (lines[i].StartsWith("$ ", StringComparison.Ordinal) && lines[i].EndsWith("   (shell)", StringComparison.Ordinal))
                all.Add(new Asked(true, lines[i][2..^10]));
            else if (lines[i].StartsWith("$ dvc ", StringComparison.Ordinal))
                all.Add(Answer(lines, ref i));
        }

        return all;
    }

    private static Asked Answer(string[] lines, ref int i)
    {
        var command = lines[i][6..];
        var code = int.Parse(lines[++i]["[rc ".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
        var output = i + 1 < lines.Length && lines[i + 1] == "--stdout--" ? Block(lines, ref i, skip: 1) : "";
        if (i + 1 < lines.Length && lines[i + 1] == "--stderr--")
            Block(lines, ref i, skip: 1);
        return new Asked(false, command) { Code = code, Output = output };
    }

    // Up to the next command or heading; commands may write lines of every other kind.
    private static string Block(string[] lines, ref int i, int skip = 0)
    {
        i += skip;
        var start = i + 1;
        while (i + 1 < lines.Length && !lines[i + 1].StartsWith("$ dvc ", StringComparison.Ordinal) && !lines[i + 1].EndsWith("   (shell)", StringComparison.Ordinal)
            && lines[i + 1] is not ("--stderr--" or "## dvc.yaml:"))
            i++;
        return string.Concat(lines[start..(i + 1)].Select(line => line + "\n"));
    }
}
