using System.Text;
using Microsoft.Win32.SafeHandles;
using Sprig.IO;
using Sprig.Linux;
using Sprig.Tests.Support;
using Xunit;

namespace Sprig.Tests.IO;

public class UnixDatagramSenderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Datagrams_come_to_a_path_and_to_an_abstract_name(bool isAbstract)
    {
        using DatagramReceiver receiver = new(isAbstract);
        using UnixDatagramSender sender = new(receiver.Address);
        Assert.Equal(receiver.Address, sender.Address);
        Assert.Equal(DatagramOutcome.Sent, sender.TrySend("one"u8));
        Assert.Equal(DatagramOutcome.Sent, sender.TrySend("two"u8));
        Assert.Equal(["one", "two"], receiver.Take());
    }

    [Fact]
    public void A_full_queue_is_told_and_not_waited_for()
    {
        using DatagramReceiver receiver = new();
        using UnixDatagramSender sender = new(receiver.Address);
        int sent = 0;
        while (sender.TrySend("x"u8) == DatagramOutcome.Sent)
            sent++;
        Assert.Equal(DatagramOutcome.Full, sender.TrySend("x"u8));
        Assert.Equal(sent, receiver.Take().Length);
        Assert.Equal(DatagramOutcome.Sent, sender.TrySend("x"u8));
    }

    [Fact]
    public void A_receiver_may_go_and_another_come()
    {
        string address;
        using (DatagramReceiver receiver = new())
            address = receiver.Address;
        using UnixDatagramSender sender = new(address);
        Assert.Equal(DatagramOutcome.Unreachable, sender.TrySend("x"u8));
        // A path that nobody is bound to any more.
        File.WriteAllText(address, "");
        Assert.Equal(DatagramOutcome.Unreachable, sender.TrySend("x"u8));
        File.Delete(address);
        using System.Net.Sockets.Socket another = new(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Dgram, 0);
        another.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(address));
        Assert.Equal(DatagramOutcome.Sent, sender.TrySend("x"u8));
        File.Delete(address);
    }

    [Fact]
    public void What_is_too_long_goes_as_a_sealed_file()
    {
        using DatagramReceiver receiver = new();
        using UnixDatagramSender sender = new(receiver.Address);
        byte[] message = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i},")));
        Assert.Equal(DatagramOutcome.TooLong, sender.TrySend(message));
        Assert.Equal(DatagramOutcome.Sent, sender.TrySendAsFile(message, "test"));
        byte[]? received = receiver.TakeBytes(out SafeFileHandle? file);
        using (file)
        {
            Assert.Equal(message, received);
            Assert.Equal("/memfd:test (deleted)", File.ResolveLinkTarget($"/proc/self/fd/{file!.DangerousGetHandle()}", false)!.FullName);
            // Nobody can write into it, make it longer, or shorter.
            Assert.ThrowsAny<Exception>(() => RandomAccess.Write(file, new byte[1], 0));
            Assert.ThrowsAny<Exception>(() => RandomAccess.SetLength(file, 1));
        }
    }

    [Theory]
    [InlineData(12, DatagramOutcome.Sent)]
    [InlineData(-Errno.EAGAIN, DatagramOutcome.Full)]
    [InlineData(-Errno.ENOBUFS, DatagramOutcome.NoMemory)]
    [InlineData(-Errno.ENOMEM, DatagramOutcome.NoMemory)]
    [InlineData(-Errno.EMFILE, DatagramOutcome.NoMemory)]
    [InlineData(-Errno.EMSGSIZE, DatagramOutcome.TooLong)]
    [InlineData(-Errno.EACCES, DatagramOutcome.Unreachable)]
    [InlineData(-Errno.ENOENT, DatagramOutcome.Unreachable)]
    public void Each_answer_of_the_kernel_has_its_meaning(int result, DatagramOutcome outcome)
        => Assert.Equal(outcome, UnixDatagramSender.ToOutcome(result));

    [Fact]
    public void Addresses_that_are_none_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new UnixDatagramSender(""));
        Assert.Throws<ArgumentException>(() => new UnixDatagramSender("@"));
        Assert.Contains("107 bytes", Assert.Throws<ArgumentException>(() => new UnixDatagramSender("/" + new string('x', 107))).Message, StringComparison.Ordinal);
        using UnixDatagramSender longest = new("/" + new string('x', 106));
        Assert.Equal(DatagramOutcome.Unreachable, longest.TrySend("x"u8));
    }

    [Fact]
    public void Sending_allocates_nothing()
    {
        using DatagramReceiver receiver = new();
        using UnixDatagramSender sender = new(receiver.Address);
        sender.TrySend("warm"u8);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            sender.TrySend("x"u8);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
