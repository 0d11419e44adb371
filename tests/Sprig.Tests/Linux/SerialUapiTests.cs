using Sprig.Linux;
using Xunit;

namespace Sprig.Tests.Linux;

/// <summary>Against the bytes; serial-layout.c holds the same offsets against the kernel's headers.</summary>
public class SerialUapiTests
{
    [Fact]
    public void The_counters_stand_in_the_kernels_order()
    {
        byte[] bytes = new byte[SerialUapi.CountersSize];
        for (int i = 0; i < bytes.Length; i += sizeof(int))
            bytes[i] = (byte)(i / sizeof(int));
        Assert.Equal(0u, SerialUapi.CountOf(bytes, SerialUapi.Counter.Cts));
        Assert.Equal(3u, SerialUapi.CountOf(bytes, SerialUapi.Counter.Carrier));
        Assert.Equal(4u, SerialUapi.CountOf(bytes, SerialUapi.Counter.Received));
        Assert.Equal(6u, SerialUapi.CountOf(bytes, SerialUapi.Counter.Framing));
        Assert.Equal(7u, SerialUapi.CountOf(bytes, SerialUapi.Counter.Overrun));
        Assert.Equal(10u, SerialUapi.CountOf(bytes, SerialUapi.Counter.BufferOverrun));
    }

    [Fact]
    public void An_RS485_request_is_flags_and_two_delays()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0xEE, SerialUapi.Rs485Size)];
        SerialUapi.FillRs485(bytes, SerialUapi.Rs485Enabled | SerialUapi.Rs485Terminated, 3, 0x0102);
        Assert.Equal("210000000300000002010000" + new string('0', 40), Convert.ToHexString(bytes));
        Assert.Equal((0x21u, 3u, 0x0102u), SerialUapi.ReadRs485(bytes));
    }

    [Fact]
    public void The_flags_of_a_serial_device_stand_behind_its_interrupt()
    {
        byte[] bytes = new byte[SerialUapi.SerialSize];
        SerialUapi.SetFlags(bytes, SerialUapi.LowLatency);
        Assert.Equal(0x20, bytes[17]);
        Assert.Equal(SerialUapi.LowLatency, SerialUapi.FlagsOf(bytes));
    }
}
