using Sprig.Linux;

namespace Sprig.IO;

/// <summary>Sends datagrams to a Unix socket and never waits: for logs and notes to services of the machine, which must stop nobody.
/// The name is looked up each time, so the receiver may come, go, and come again.</summary>
/// <remarks>Any thread. Sending allocates nothing.</remarks>
public sealed class UnixDatagramSender : IDisposable
{
    private readonly FileDescriptor _socket;
    private readonly byte[] _address;

    /// <summary>A sender; whether somebody receives is seen when it sends.</summary>
    /// <param name="address">A path, or an abstract name after '@'.</param>
    /// <exception cref="ArgumentException">That is no address of a Unix socket.</exception>
    /// <exception cref="IOException">The kernel gives out no socket.</exception>
    public UnixDatagramSender(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        _address = UnixDatagrams.AddressOf(address) ?? throw new ArgumentException($"'{address}' can't be a Unix socket's address: one has at most 107 bytes.", nameof(address));
        _socket = FileDescriptor.FromResult(UnixDatagrams.Open(), "open a socket for", address);
        Address = address;
    }

    /// <summary>Whom it sends to.</summary>
    public string Address { get; }

    /// <summary>Sends one datagram, or says why not.</summary>
    public DatagramOutcome TrySend(ReadOnlySpan<byte> message) => ToOutcome(UnixDatagrams.Send(_socket.Number, _address, message));

    /// <summary>Sends an empty datagram with a sealed file attached (a memfd) that holds the message, for receivers that take long ones
    /// so, as systemd's journal does.</summary>
    /// <param name="message">However long.</param>
    /// <param name="name">The file's, for whoever looks into /proc.</param>
    public DatagramOutcome TrySendAsFile(ReadOnlySpan<byte> message, string name = "datagram")
    {
        int file = SealedFile.Create(name, message);
        if (file < 0)
            return ToOutcome(file);
        using FileDescriptor attached = new(file);
        return ToOutcome(UnixDatagrams.Send(_socket.Number, _address, default, attached.Number));
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    internal static DatagramOutcome ToOutcome(int result) => result switch
    {
        >= 0 => DatagramOutcome.Sent,
        -Errno.EAGAIN => DatagramOutcome.Full,
        -Errno.ENOBUFS or -Errno.ENOMEM or -Errno.EMFILE => DatagramOutcome.NoMemory,
        -Errno.EMSGSIZE => DatagramOutcome.TooLong,
        _ => DatagramOutcome.Unreachable,
    };
}
