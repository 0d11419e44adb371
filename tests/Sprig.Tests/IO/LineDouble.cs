using System.Buffers.Binary;
using Sprig.IO;
using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>A pipe that stands in for the kernel's line descriptor: an input reads from it what a test has written.</summary>
internal sealed class LineDouble : IDisposable
{
    private static readonly GpioLineSettings s_settings = new() { Edges = GpioEdges.Both };
    private readonly FileDescriptor _writer;
    private uint _sequence;

    internal LineDouble(int line = 17, GpioLineSettings? settings = null)
        : this([line], [settings ?? s_settings])
    {
    }

    /// <summary>Several lines of one request.</summary>
    internal LineDouble(int[] lines, GpioLineSettings[] settings)
    {
        Span<int> ends = stackalloc int[2];
        Assert.Equal(0, Syscall.Pipe(ends));
        _writer = new FileDescriptor(ends[1]);
        Line = lines[0];
        Request = new KernelLineRequest(new FileDescriptor(ends[0]), lines, settings, new GpioChipInfo("/dev/gpiochip0", "gpiochip0", "a double", 54));
        Input = new GpioInput(Request);
        Group = new GpioLineGroup(Request);
    }

    internal GpioLineRequest Request { get; }

    /// <summary>The lines' two faces.</summary>
    internal GpioLineGroup Group { get; }

    internal int Line { get; }

    internal GpioInput Input { get; }

    /// <summary>Edges rise and fall in turn; those before a gap were lost in the kernel's queue.</summary>
    internal void Edges(int count, uint lost = 0)
    {
        _sequence += lost;
        for (int i = 0; i < count; i++)
            Edge(++_sequence % 2 == 1, _sequence);
    }

    internal void Edge(bool rising, uint lineSequence) => Edge(Line, rising, lineSequence);

    internal void Edge(int line, bool rising, uint lineSequence)
    {
        _sequence = lineSequence;
        Span<byte> one = stackalloc byte[GpioUapi.EventSize];
        one.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(one, 1000L * lineSequence);
        BinaryPrimitives.WriteUInt32LittleEndian(one[8..], rising ? 1u : 2);
        BinaryPrimitives.WriteInt32LittleEndian(one[12..], line);
        // The sequence over all lines of a request differs from the line's own.
        BinaryPrimitives.WriteUInt32LittleEndian(one[16..], lineSequence + 500);
        BinaryPrimitives.WriteUInt32LittleEndian(one[20..], lineSequence);
        // No Assert.Equal, which allocates.
        if (Syscall.Write(_writer.Number, one) != GpioUapi.EventSize)
            Assert.Fail("The pipe is full.");
    }

    /// <summary>Fails when nobody holds the line's end any more.</summary>
    internal void WriteByte()
    {
        int result = Syscall.Write(_writer.Number, [0]);
        if (result < 0)
            throw Errno.ToException(-result, "write to", "the fake line");
    }

    internal void HangUp() => _writer.Dispose();

    public void Dispose()
    {
        Input.Dispose();
        _writer.Dispose();
    }
}
