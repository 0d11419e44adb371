using System.Buffers;
using System.Runtime.CompilerServices;
using Sprig.Linux;
using Sprig.Scheduling;

namespace Sprig.IO.Ports;

/// <content>Writing, as text and as bytes, awaited and not.</content>
public sealed partial class SerialPort
{
    private long _writeBegan;

    /// <summary>How many bytes were written and not sent yet, as the kernel counts them.</summary>
    public int BytesToWrite => Queued(SerialUapi.OutputQueued);

    /// <summary>Kept for programs that set it: the kernel's buffer is as large as it is, and a writer waits for room.</summary>
    /// <exception cref="InvalidOperationException">It is open.</exception>
    public int WriteBufferSize
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            ThrowIfOpen(nameof(WriteBufferSize));
            field = value;
        }
    } = 2048;

    /// <summary>How long the synchronous members wait for room, in milliseconds, before they throw a <see cref="TimeoutException"/>:
    /// without end unless set. What is awaited has a <see cref="Deadline"/> instead.</summary>
    public override int WriteTimeout
    {
        get;
        set => field = CheckedTimeout(value);
    } = InfiniteTimeout;

    /// <summary>How many bytes of the last write the kernel has taken: after one that a deadline or a kill has ended, or that failed, the
    /// others were not written.</summary>
    public long LastWriteCount => _line is { } line ? line.Sent - _writeBegan : 0;

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        => _reconnection is { } reconnection ? WriteOnAsync(reconnection, buffer, cancellationToken) : WriteOnceAsync(buffer, cancellationToken);

    private ValueTask WriteOnceAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!cancellationToken.IsCancellationRequested)
        {
            Watch().ThrowIfWriting();
            _writeBegan = _line!.Sent;
        }

        return base.WriteAsync(buffer, cancellationToken);
    }

    /// <summary>Writes text in <see cref="Encoding"/>: all of it, or throws.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Ends the wait for room; <see cref="LastWriteCount"/> says how much was written.</param>
    /// <exception cref="IOException">Unplugged.</exception>
    /// <exception cref="InvalidOperationException">Another writes.</exception>
    public ValueTask WriteAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return WriteTextAsync(text, "", cancellationToken);
    }

    /// <summary>Writes text and <see cref="NewLine"/>.</summary>
    /// <inheritdoc cref="WriteAsync(string, CancellationToken)"/>
    public ValueTask WriteLineAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return WriteTextAsync(text, NewLine, cancellationToken);
    }

    /// <summary>Waits until all that was written has left the line, to the last bit that the driver knows of.</summary>
    /// <param name="cancellationToken">Ends the wait; what was written goes on its way.</param>
    /// <exception cref="IOException">Unplugged.</exception>
    /// <exception cref="ObjectDisposedException">The port was closed.</exception>
    public ValueTask DrainAsync(CancellationToken cancellationToken = default) => DrainLane.DrainAsync(OpenLine, cancellationToken);

    /// <summary>Writes text in <see cref="Encoding"/>. Blocks the thread until there was room for all of it.</summary>
    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public void Write(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(Encoding.GetBytes(text));
    }

    /// <summary>Writes characters in <see cref="Encoding"/>. Blocks the thread until there was room for all of them.</summary>
    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public void Write(char[] buffer, int offset, int count)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Write(Encoding.GetBytes(buffer, offset, count));
    }

    /// <summary>Writes text and <see cref="NewLine"/>. Blocks the thread until there was room for all of it.</summary>
    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public void WriteLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(Encoding.GetBytes(text + NewLine));
    }

    /// <summary>Blocks the thread until there was room for all of it.</summary>
    /// <exception cref="TimeoutException"><see cref="WriteTimeout"/> is over; the message and <see cref="LastWriteCount"/> say how much
    /// was written.</exception>
    /// <exception cref="IOException">The device is gone.</exception>
    /// <exception cref="InvalidOperationException">It is not open.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        long until = TimeAfter(WriteTimeout);
        SerialLine line = OpenLine;
        using SerialLine.Use use = line.Hold();
        _writeBegan = line.Sent;
        int written = 0;
        while (written < buffer.Length)
        {
            line.ThrowIfLeft();
            int result = line.Write(buffer[written..]);
            if (result >= 0)
                written += result;
            else if (result != -Errno.EAGAIN)
                throw ErrorOf(-result, "write");
            else if (!line.Wait(Syscall.PollOut, until))
                throw new TimeoutException($"There was no room to write to {PortName} within {WriteTimeout} ms; {written} of {buffer.Length} bytes were written.");
        }
    }

    /// <summary>Throws away what was written and not sent.</summary>
    public void DiscardOutBuffer() => PortAccess.Check(OpenLine.Tty.Control(SerialUapi.FlushQueues, SerialUapi.FlushOutput), PortName);

    private protected override int TryWrite(ReadOnlySpan<byte> buffer) => _line!.Write(buffer);

    [AsyncMethodBuilder(typeof(LoopMethodBuilder))]
    private async ValueTask WriteTextAsync(string text, string end, CancellationToken cancellationToken)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.GetMaxByteCount(text.Length + end.Length));
        try
        {
            int count = Encoding.GetBytes(text, bytes);
            count += Encoding.GetBytes(end, bytes.AsSpan(count));
            await WriteAsync(bytes.AsMemory(0, count), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
