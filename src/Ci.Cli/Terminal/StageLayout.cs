namespace Ci.Cli.Terminal;

/// <summary>
/// Places the boxes of a graph in rows, needs above what needs them, so that lines are short and cross rarely: longest ways first,
/// then neighbours by the middle of what they are connected with, then columns as near to that as boxes leave room.
/// </summary>
internal sealed class StageLayout
{
    private const int Sweeps = 8;
    private const int Space = 2;

    private readonly IReadOnlyList<string> names;
    private readonly List<Box> boxes = [];

    private StageLayout(IReadOnlyList<string> names) => this.names = names;

    /// <summary>The rows, from the top; boxes without a name are places where a line passes through.</summary>
    public List<List<Box>> Rows { get; } = [];

    /// <summary>Places a graph.</summary>
    /// <param name="names">Of its nodes, in an order that is kept where nothing speaks against it; needs first.</param>
    /// <param name="needs">The numbers of the nodes that each needs.</param>
    public static StageLayout Of(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<int>> needs)
    {
        var layout = new StageLayout(names);
        layout.Build(RowsOf(needs), needs);
        layout.Sort();
        layout.Place();
        return layout;
    }

    // What needs nothing stands right above what needs it.
    private static int[] RowsOf(IReadOnlyList<IReadOnlyList<int>> needs)
    {
        var rows = new int[needs.Count];
        var latest = new int[needs.Count];
        Array.Fill(latest, int.MaxValue);
        for (var i = 0; i < rows.Length; i++)
            rows[i] = needs[i].Count == 0 ? 0 : needs[i].Max(n => rows[n]) + 1;
        for (var i = 0; i < rows.Length; i++)
        {
            foreach (var need in needs[i])
                latest[need] = Math.Min(latest[need], rows[i] - 1);
        }

        for (var i = 0; i < rows.Length; i++)
        {
            if (needs[i].Count == 0 && latest[i] != int.MaxValue)
                rows[i] = latest[i];
        }

        return rows;
    }

    private void Build(int[] rowOf, IReadOnlyList<IReadOnlyList<int>> needs)
    {
        for (var i = 0; i <= rowOf.DefaultIfEmpty(-1).Max(); i++)
            this.Rows.Add([]);
        var real = this.names.Select(n => new Box(n)).ToList();
        var passing = new Dictionary<(int Node, int Row), Box>();
        for (var i = 0; i < real.Count; i++)
            this.Add(real[i], rowOf[i]);
        for (var i = 0; i < real.Count; i++)
        {
            foreach (var need in needs[i])
            {
                // A long line passes through every row between; lines from one box go together.
                var from = real[need];
                for (var row = rowOf[need] + 1; row < rowOf[i]; row++)
                {
                    if (!passing.TryGetValue((need, row), out var through))
                    {
                        passing[(need, row)] = through = new Box(null);
                        this.Add(through, row);
                        Connect(from, through);
                    }

                    from = through;
                }

                Connect(from, real[i]);
            }
        }
    }

    private static void Connect(Box from, Box to)
    {
        from.Below.Add(to);
        to.Above.Add(from);
    }

    private void Add(Box box, int row)
    {
        box.Place = this.Rows[row].Count;
        this.Rows[row].Add(box);
        this.boxes.Add(box);
    }

    private void Sort()
    {
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var down = sweep % 2 == 0;
            foreach (var row in down ? this.Rows : Enumerable.Reverse(this.Rows))
            {
                var sorted = row.Select(b => (Box: b, Key: Middle(down ? b.Above : b.Below) ?? b.Place)).OrderBy(b => b.Key).ThenBy(b => b.Box.Place).Select(b => b.Box).ToList();
                for (var i = 0; i < sorted.Count; i++)
                    (sorted[i].Place, row[i]) = (i, sorted[i]);
            }
        }

        foreach (var box in this.boxes)
            box.Above.Sort((a, b) => a.Place.CompareTo(b.Place));
    }

    private static double? Middle(List<Box> others) => others.Count == 0 ? null : others.Average(o => o.Place);

    private void Place()
    {
        foreach (var row in this.Rows)
            Spread(row, [.. row.Select((_, i) => (double)i)]);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var down = sweep % 2 == 0;
            foreach (var row in down ? this.Rows : Enumerable.Reverse(this.Rows))
                Spread(row, [.. row.Select(b => (down ? b.Above : b.Below) is { Count: > 0 } others ? others.Average(o => o.Centre) : b.Centre)]);
        }

        var left = this.boxes.Count == 0 ? 0 : this.boxes.Min(b => b.Centre - b.Half);
        foreach (var box in this.boxes)
            box.Centre -= left;
    }

    // The nearest places to those wished for that keep order and distance: pools of neighbours that press against each other.
    private static void Spread(List<Box> row, double[] wishes)
    {
        var offsets = new int[row.Count];
        for (var i = 1; i < row.Count; i++)
            offsets[i] = offsets[i - 1] + row[i - 1].Half + row[i].Half + 1 + Space;
        var pools = new Stack<(double Sum, int Count)>();
        for (var i = 0; i < row.Count; i++)
        {
            (double Sum, int Count) pool = (wishes[i] - offsets[i], 1);
            while (pools.TryPeek(out var before) && before.Sum / before.Count > pool.Sum / pool.Count)
            {
                pools.Pop();
                pool = (pool.Sum + before.Sum, pool.Count + before.Count);
            }

            pools.Push(pool);
        }

        var at = 0;
        foreach (var (sum, count) in pools.Reverse())
        {
            for (var end = at + count; at < end; at++)
                row[at].Centre = (int)Math.Round(sum / count, MidpointRounding.AwayFromZero) + offsets[at];
        }
    }

    /// <summary>A box, or (without a name) a place where a line passes.</summary>
    internal sealed class Box(string? name)
    {
        public string? Name { get; } = name;

        /// <summary>Its column's middle.</summary>
        public int Centre { get; set; }

        /// <summary>Its place in its row.</summary>
        public int Place { get; set; }

        public List<Box> Above { get; } = [];

        public List<Box> Below { get; } = [];

        /// <summary>Columns on each side of the middle: room for the name and for a line from each above.</summary>
        public int Half => this.Name is null ? 0 : Math.Max((this.Name.Length + 4) / 2, this.Above.Count + 1);

        /// <summary>The column in which the line from a box above arrives.</summary>
        public int Port(Box above) => this.Centre - (this.Above.Count - 1) + (2 * this.Above.IndexOf(above));
    }
}
