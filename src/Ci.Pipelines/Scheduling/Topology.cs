namespace Ci.Pipelines.Scheduling;

/// <summary>Orders numbered things by what needs what, without recursion: a chain may be as long as it likes.</summary>
internal static class Topology
{
    /// <summary>All that a depth-first walk from each start reaches, needs first: the order in which DVC goes.</summary>
    /// <param name="starts">Where walks begin, in order.</param>
    /// <param name="needs">What each thing needs, in order; none may be walked that <paramref name="among"/> denies.</param>
    /// <param name="among">Null: all.</param>
    /// <param name="circle">Called with a circle (its first thing stands at its end, too) when there is one; must throw.</param>
    public static List<int> Order(IEnumerable<int> starts, IReadOnlyList<IReadOnlyList<int>> needs, Func<int, bool>? among, Action<IReadOnlyList<int>> circle)
    {
        var state = new byte[needs.Count];
        var next = new int[needs.Count];
        var path = new int[needs.Count];
        var order = new List<int>(needs.Count);
        foreach (var start in starts)
        {
            var depth = 0;
            Enter(start);
            while (depth > 0)
            {
                var at = path[depth - 1];
                if (next[at] == needs[at].Count)
                {
                    state[at] = 2;
                    order.Add(at);
                    depth--;
                    continue;
                }

                var need = needs[at][next[at]++];
                if (state[need] == 1)
                    circle([need, .. path.Take(depth).Reverse().TakeWhile(p => p != need), need]);
                if (among?.Invoke(need) is not false)
                    Enter(need);
            }

            void Enter(int node)
            {
                if (state[node] != 0)
                    return;
                state[node] = 1;
                path[depth++] = node;
            }
        }

        return order;
    }

    /// <summary>The given things and all that can be reached from them.</summary>
    public static HashSet<int> Reach(IEnumerable<int> starts, Func<int, IReadOnlyList<int>> next)
    {
        var reached = new HashSet<int>();
        var open = new Stack<int>(starts);
        while (open.TryPop(out var at))
        {
            if (!reached.Add(at))
                continue;
            foreach (var other in next(at))
                open.Push(other);
        }

        return reached;
    }
}
