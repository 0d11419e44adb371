using System.Runtime.CompilerServices;
using Sprig.Scheduling;

namespace Sprig.IO.Framing;

/// <summary>Writes frames to any stream, each by one write and a flush.</summary>
/// <remarks>One writer at a time. In the steady state nothing is allocated.</remarks>
public sealed class FrameWriter
{
    private readonly Stream _stream;
    private byte[] _buffer = [];
    private MonotonicTime _quietUntil;
    private bool _isWriting;
    private bool _wasBroken;

    /// <summary>A writer to <paramref name="stream"/>.</summary>
    /// <param name="stream">Is not closed by the writer.</param>
    /// <param name="format">How the frames lie in it.</param>
    public FrameWriter(Stream stream, FrameFormat format)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(format);
        _stream = stream;
        Format = format;
    }

    /// <summary>How the frames lie in the stream.</summary>
    public FrameFormat Format { get; }

    /// <summary>How many frames were written.</summary>
    public long Frames { get; private set; }

    /// <summary>How many bytes that took.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Writes a frame, whole, or throws. After a write that has failed midway (a deadline while the other end took nothing) the
    /// next one first sends what ends the broken one, where the format has such a thing. A format with an idle gap waits until the line
    /// has been silent since the last frame.</summary>
    /// <param name="frame">At most the format's maximum; it is encoded before the first wait.</param>
    /// <param name="cancellationToken">Ends the wait, from any thread.</param>
    /// <exception cref="ArgumentException">The format can't carry this frame: too long, empty where there are no empty ones, or it holds
    /// the delimiter. Nothing was written.</exception>
    /// <exception cref="IOException">The device is gone, or failed.</exception>
    /// <exception cref="InvalidOperationException">Another coroutine is writing.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken = default)
    {
        if (_isWriting)
            throw new InvalidOperationException("A coroutine writes a frame here already; one at a time. Let one coroutine do it, or guard it with a lock.");
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken) : WriteAsync(Encode(frame.Span), cancellationToken);
    }

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask WriteAsync(int length, CancellationToken cancellationToken)
    {
        _isWriting = true;
        bool began = false;
        try
        {
            // What ends it here has ended it before anything was written.
            if (_quietUntil != default && MonotonicTime.Now < _quietUntil)
                await IoWait.Until(_quietUntil, "silence on the line", cancellationToken);
            else
                await Coroutine.CheckpointAsync();
            began = _wasBroken = true;
            await _stream.WriteAsync(_buffer.AsMemory(0, length), cancellationToken);
            await _stream.FlushAsync(cancellationToken);
            _wasBroken = false;
            Frames++;
            BytesWritten += length;
        }
        finally
        {
            _isWriting = false;
            TimeSpan quiet = began ? Format.QuietAfter(length) : TimeSpan.Zero;
            if (quiet != TimeSpan.Zero)
                _quietUntil = MonotonicTime.Now + quiet;
        }
    }

    private int Encode(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > Format.MaxLength)
            throw new ArgumentException($"The frame has {frame.Length} bytes; the format takes {Format.MaxLength} at most.", nameof(frame));
        ReadOnlySpan<byte> boundary = _wasBroken ? Format.Boundary : default;
        int size = boundary.Length + Format.GetMaxEncodedLength(frame.Length);
        if (_buffer.Length < size)
            _buffer = new byte[Math.Max(size, Math.Min(2 * _buffer.Length, Format.GetMaxEncodedLength(Format.MaxLength)))];
        boundary.CopyTo(_buffer);
        return boundary.Length + Format.Encode(frame, _buffer.AsSpan(boundary.Length));
    }
}
