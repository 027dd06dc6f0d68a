using System.Globalization;
using Ci.Data.Files;

namespace Ci.Data.Tests;

public sealed class Hash128Tests
{
    [Fact]
    public void It_counts_compares_and_reads_as_the_runtimes_own_number_does()
    {
        ulong[] edges = [0, 1, ulong.MaxValue, 1UL << 63];
        var random = new Random(1);
        Span<byte> bytes = stackalloc byte[Hash128.Bytes];
        for (var i = 0; i < 20_000; i++)
        {
            var (x, y) = (Draw(), Draw());
            var (u, v) = (new UInt128(x.Upper, x.Lower), new UInt128(y.Upper, y.Lower));
            Assert.True(Same(x + y, u + v) && Same(x - y, u - v) && Same(x ^ y, u ^ v));
            Assert.True(x.CompareTo(y) == u.CompareTo(v) && (x < y) == (u < v) && (x >= y) == (u >= v) && (x == y) == (u == v));
            x.Write(bytes);
            var text = Convert.ToHexStringLower(bytes);
            Assert.Equal(u.ToString("x32", CultureInfo.InvariantCulture), text);
            Assert.Equal(x, Hash128.Read(bytes));
            Assert.True(Hash128.TryParse(text, out var again) && again == x);
            Assert.True(Hash128.TryParse(text.AsSpan(2), out var rest) && Same(rest, u << 8 >> 8));
        }

        Hash128 Draw() => new(Half(), Half());
        ulong Half() => random.Next(4) == 0 ? edges[random.Next(edges.Length)] : (ulong)random.NextInt64(long.MinValue, long.MaxValue);
    }

    [Theory]
    [InlineData("")]
    [InlineData("xyz")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    [InlineData("+123456789abcdef0123456789abcdef")]
    public void What_is_no_hexadecimal_number_is_none(string text) => Assert.False(Hash128.TryParse(text, out _));

    private static bool Same(Hash128 hash, UInt128 number) => hash.Upper == (ulong)(number >> 64) && hash.Lower == (ulong)number;
}
