using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ci.Training.Linear;

/// <summary>y += a·x. Element by element, so that the width of the machine's vectors never changes a sum.</summary>
internal static class Axpy
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var to = ref MemoryMarshal.GetReference(y[..x.Length]);
        var i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var sum = Vector.LoadUnsafe(ref to, (nuint)i) + (Vector.LoadUnsafe(ref from, (nuint)i) * a);
            sum.StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < x.Length; i++)
            Unsafe.Add(ref to, i) += a * Unsafe.Add(ref from, i);
    }
}
