using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Ci.Data.Yaml;

/// <summary>Ends reading before a nesting becomes so deep that whoever follows it by recursion would overflow its stack.</summary>
internal sealed class BoundedParser(IParser inner, int most) : IParser
{
    private int depth;

    public ParsingEvent? Current => inner.Current;

    public bool MoveNext()
    {
        var moved = inner.MoveNext();
        this.depth += inner.Current?.NestingIncrease ?? 0;
        return this.depth <= most ? moved : throw new YamlException(inner.Current!.Start, inner.Current.End, "nested too deeply");
    }
}
