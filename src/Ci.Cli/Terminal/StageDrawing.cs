using System.Text;

namespace Ci.Cli.Terminal;

/// <summary>Draws a graph as text: boxes in rows, lines between them. Every line begins at one box and belongs to it alone.</summary>
internal static class StageDrawing
{
    private const int Up = 1;
    private const int Right = 2;
    private const int Down = 4;
    private const int Left = 8;

    // By which of the four sides a line leaves a cell.
    private const string Lines = " │─└││┌├─┘─┴┐┤┬┼";

    /// <summary>The drawing; connected parts one below the other.</summary>
    /// <param name="names">Of the nodes, needs first.</param>
    /// <param name="needs">The numbers of the nodes that each needs.</param>
    public static string Draw(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<int>> needs)
    {
        var text = new StringBuilder();
        foreach (var part in Parts(needs))
        {
            var places = part.Select((node, i) => (node, i)).ToDictionary(p => p.node, p => p.i);
            var rows = StageLayout.Of([.. part.Select(n => names[n])], [.. part.Select(n => (IReadOnlyList<int>)[.. needs[n].Select(m => places[m])])]).Rows;
            text.Append(text.Length > 0 ? "\n" : "").Append(Draw(rows));
        }

        return text.ToString().TrimEnd('\n');
    }

    /// <summary>The numbers of connected nodes, each part in the given order.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Parts(IReadOnlyList<IReadOnlyList<int>> needs)
    {
        var part = Enumerable.Range(0, needs.Count).ToArray();
        for (var i = 0; i < needs.Count; i++)
        {
            foreach (var need in needs[i])
                part[Root(i)] = Root(need);
        }

        return [.. Enumerable.Range(0, needs.Count).GroupBy(Root).Select(g => (IReadOnlyList<int>)[.. g])];

        int Root(int node)
        {
            while (part[node] != node)
                node = part[node] = part[part[node]];
            return node;
        }
    }

    private static string Draw(List<List<StageLayout.Box>> rows)
    {
        var width = rows.Max(row => row.Max(b => b.Centre + b.Half)) + 1;
        var text = new StringBuilder();
        for (var i = 0; i < rows.Count; i++)
        {
            DrawBoxes(text, rows[i], width);
            if (i + 1 < rows.Count)
                DrawLines(text, rows[i], width);
        }

        return text.ToString();
    }

    private static void DrawBoxes(StringBuilder text, List<StageLayout.Box> row, int width)
    {
        var lines = Enumerable.Range(0, 3).Select(_ => new char[width]).ToArray();
        foreach (var line in lines)
            Array.Fill(line, ' ');
        foreach (var box in row)
        {
            var (left, right) = (box.Centre - box.Half, box.Centre + box.Half);
            if (box.Name is null)
            {
                Array.ForEach(lines, line => line[box.Centre] = '│');
                continue;
            }

            Array.Fill(lines[0], '─', left, right - left + 1);
            Array.Fill(lines[2], '─', left, right - left + 1);
            (lines[0][left], lines[0][right], lines[2][left], lines[2][right], lines[1][left], lines[1][right]) = ('┌', '┐', '└', '┘', '│', '│');
            box.Name.CopyTo(0, lines[1], box.Centre - (box.Name.Length / 2), box.Name.Length);
            foreach (var above in box.Above)
                lines[0][box.Port(above)] = '┴';
            if (box.Below.Count > 0)
                lines[2][box.Centre] = '┬';
        }

        foreach (var line in lines)
            text.Append(new string(line).TrimEnd()).Append('\n');
    }

    private static void DrawLines(StringBuilder text, List<StageLayout.Box> row, int width)
    {
        var nets = row.Where(b => b.Below.Count > 0).Select(b => (From: b.Centre, To: (int[])[.. b.Below.Select(to => to.Name is null ? to.Centre : to.Port(b))])).ToList();
        var levels = Levels(nets);
        var cells = new int[levels.Max() + 2][];
        for (var y = 0; y < cells.Length; y++)
            cells[y] = new int[width];
        for (var i = 0; i < nets.Count; i++)
            Draw(cells, nets[i].From, nets[i].To, levels[i] < 0 ? 0 : levels[i]);
        // Lines that all go straight down need one row.
        foreach (var line in cells.Take(levels.Max() < 0 ? 1 : levels.Max() + 1))
            text.Append(string.Concat(line.Select(c => Lines[c])).TrimEnd()).Append('\n');
    }

    private static void Draw(int[][] cells, int from, int[] to, int level)
    {
        for (var y = 0; y < level; y++)
            cells[y][from] |= Up | Down;
        cells[level][from] |= Up;
        foreach (var end in to)
        {
            var (left, right) = (Math.Min(from, end), Math.Max(from, end));
            for (var x = left; x <= right; x++)
                cells[level][x] |= (x > left ? Left : 0) | (x < right ? Right : 0);
            cells[level][end] |= Down;
            for (var y = level + 1; y < cells.Length; y++)
                cells[y][end] |= Up | Down;
        }
    }

    // The height at which each line goes sideways (-1: not at all): no two over each other, and none through where another comes down.
    private static int[] Levels(List<(int From, int[] To)> nets)
    {
        var levels = new int[nets.Count];
        var taken = new List<List<(int Left, int Right)>>();
        foreach (var i in InOrder(nets))
        {
            var (from, to) = nets[i];
            var (left, right) = (Math.Min(from, to.Min()), Math.Max(from, to.Max()));
            if (left == right)
            {
                levels[i] = -1;
                continue;
            }

            // Whatever begins in a column where this one ends must have turned away above.
            var level = Enumerable.Range(0, nets.Count).Where(j => j != i && levels[j] >= 0 && to.Contains(nets[j].From)).Select(j => levels[j] + 1).DefaultIfEmpty(0).Max();
            while (level < taken.Count && taken[level].Any(t => t.Left <= right && left <= t.Right))
                level++;
            while (taken.Count <= level)
                taken.Add([]);
            taken[level].Add((left, right));
            levels[i] = level;
        }

        return levels;
    }

    private static List<int> InOrder(List<(int From, int[] To)> nets)
    {
        var byStart = nets.Select((n, i) => (n.From, i)).ToDictionary(n => n.From, n => n.i);
        var state = new bool[nets.Count];
        var order = new List<int>();
        for (var i = 0; i < nets.Count; i++)
            Visit(i);
        return order;

        // Rows are short, and so are chains of lines that stand in each other's columns.
        void Visit(int i)
        {
            if (state[i])
                return;
            state[i] = true;
            foreach (var end in nets[i].To)
            {
                if (byStart.TryGetValue(end, out var other) && other != i)
                    Visit(other);
            }

            order.Add(i);
        }
    }
}
