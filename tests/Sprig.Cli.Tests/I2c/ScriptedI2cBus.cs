using System.Device;
using System.Device.I2c;

namespace Sprig.Cli.Tests.I2c;

/// <summary>A bus on which some addresses answer.</summary>
internal sealed class ScriptedI2cBus(params int[] present) : I2cBus
{
    public override I2cDevice CreateDevice(int deviceAddress) => new Device(deviceAddress, present.Contains(deviceAddress));

    public override void RemoveDevice(int deviceAddress)
    {
    }

    public override ComponentInformation QueryComponentInformation() => new(this, "scripted");

    private sealed class Device(int address, bool answers) : I2cDevice
    {
        public override I2cConnectionSettings ConnectionSettings => new(1, address);

        public override void Read(Span<byte> buffer) => ThrowUnlessThere();

        public override void Write(ReadOnlySpan<byte> buffer) => ThrowUnlessThere();

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => ThrowUnlessThere();

        public override ComponentInformation QueryComponentInformation() => new(this, "scripted");

        private void ThrowUnlessThere()
        {
            // As System.Device.Gpio says it.
            if (!answers)
                throw new IOException("Error 121 performing I2C data transfer.");
        }
    }
}
