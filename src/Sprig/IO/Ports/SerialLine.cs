using Sprig.Linux;

namespace Sprig.IO.Ports;

/// <summary>One opening of a port: the descriptor, that nobody else has it, and what waits for it on other threads.</summary>
/// <remarks>Any thread, but for <see cref="Number"/>, <see cref="Read"/> and <see cref="Write"/>: who calls those knows that it is open,
/// or has a <see cref="Hold"/>.</remarks>
internal sealed partial class SerialLine : IDisposable
{
    private readonly FileDescriptor _file;
    private readonly Lock _gate = new();
    private volatile bool _hasLeft;
    private volatile Exception? _loss;
    private long _received;
    private long _sent;

    private SerialLine(FileDescriptor file, string path, Func<FileDescriptor, ITty> connect)
    {
        _file = file;
        Path = path;
        Tty = connect(file);
        Counts = new LineCounts(Tty);
        Modem = new ModemWatch(this);
    }

    internal string Path { get; }

    internal ITty Tty { get; }

    internal LineCounts Counts { get; }

    internal ModemWatch Modem { get; }

    internal int Number => _file.Number;

    /// <summary>Bytes read of it, and written to it.</summary>
    internal long Received => Volatile.Read(ref _received);

    internal long Sent => Volatile.Read(ref _sent);

    /// <summary>It is closed, or about to be.</summary>
    internal bool HasLeft => _hasLeft;

    /// <summary>Opens a tty, to have it alone.</summary>
    internal static SerialLine Open(string path, Func<FileDescriptor, ITty> connect)
    {
        FileDescriptor file = PortAccess.Open(path);
        try
        {
            return new SerialLine(file, path, connect);
        }
        catch
        {
            PortAccess.Close(file);
            throw;
        }
    }

    internal int Read(Span<byte> buffer)
    {
        int count = Syscall.Read(_file.Number, buffer);
        if (count > 0)
            _received += count;
        return count;
    }

    internal int Write(ReadOnlySpan<byte> buffer)
    {
        int count = Syscall.Write(_file.Number, buffer);
        if (count > 0)
            _sent += count;
        return count;
    }

    /// <summary>Another descriptor of it, for a loop that watches it on its own.</summary>
    internal FileDescriptor Duplicate()
    {
        using Use use = Hold();
        return FileDescriptor.FromResult(Syscall.Duplicate(_file.Number), "watch", Path);
    }

    /// <summary>While it is held its number is no other's, though it may be closed.</summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    internal Use Hold() => new(this);

    /// <exception cref="ObjectDisposedException">It is closed, or about to be.</exception>
    internal void ThrowIfLeft()
    {
        if (_hasLeft)
            throw LeftError();
    }

    /// <summary>Others may have it from now on; who blocks or sleeps in it is called away. The descriptor is closed by Dispose.</summary>
    internal void Leave()
    {
        InterruptibleThread[] lanes;
        lock (_gate)
        {
            if (_hasLeft)
                return;
            _hasLeft = true;
            _away?.Signal();
            if (_blocked == 0)
                _away?.Dispose();
            lanes = [.. _lanes];
            _lanes.Clear();
        }

        PortAccess.GiveBack(_file);
        foreach (InterruptibleThread lane in lanes)
            lane.Stop();
        Modem.OnLeft();
        SerialMeter.Remove(this);
    }

    /// <summary>Closes it; a thread that still blocks in it has been called away, and the last one closes it.</summary>
    public void Dispose()
    {
        Leave();
        _file.Dispose();
    }

    /// <summary>Closes it since the device is gone, which those are told who block in it.</summary>
    internal void Lose(Exception failure)
    {
        _loss = failure;
        Dispose();
    }

    private Exception LeftError() => _loss is { } loss ? new IOException(loss.Message, loss) : new ObjectDisposedException(Path);

    /// <summary>Keeps a descriptor from being closed.</summary>
    internal struct Use : IDisposable
    {
        private FileDescriptor? _held;

        internal Use(SerialLine line)
        {
            bool held = false;
            try
            {
                (_held = line._file).DangerousAddRef(ref held);
            }
            catch (ObjectDisposedException)
            {
                throw line.LeftError();
            }
        }

        public void Dispose()
        {
            _held?.DangerousRelease();
            _held = null;
        }
    }
}
